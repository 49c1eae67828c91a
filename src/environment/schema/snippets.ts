// What an editor inserts for a new environment and a new service. `${1:…}` is a place to type in, `^` in front makes it a
// number. Source: https://code.visualstudio.com/docs/languages/json#_define-snippets-in-json-schemas

/** Every key that an environment needs, with one service. */
export const environmentSnippets = [
  {
    label: "New environment",
    description: "The keys that every environment needs, with one service.",
    body: {
      region: "${1:eu-west-1}",
      state: { s3: { bucket: "${2:acme-terraform-state}", key: "${3:shop/prod.tfstate}" } },
      vpc: { id: "${4:vpc-0123456789abcdef0}" },
      ecsCluster: { create: "${5:shop-prod}" },
      namespace: { create: "${6:shop.local}" },
      releaseCookie: { ssmParameter: "${7:/shop/prod/release-cookie}" },
      services: { "${8:shop}": { image: { variable: "${9:shop_image}" }, tasks: "^${10:2}" } },
    },
  },
] as const;

export const serviceSnippets = [
  {
    label: "New service",
    description: "A service with an image that a pipeline sets.",
    body: { cluster: "${1:shop}", image: { variable: "${2:shop_image}" }, tasks: "^${3:2}" },
  },
  {
    label: "New Phoenix service on the web",
    description: "A service behind the environment's loadBalancer, with Phoenix's secrets.",
    body: {
      discovery: "dns_cluster",
      image: { variable: "${1:shop_image}" },
      tasks: "^${2:2}",
      web: { domain: "${3:shop.example.com}" },
      secrets: {
        DATABASE_URL: { ssmParameter: "${4:/shop/prod/database-url}" },
        SECRET_KEY_BASE: { ssmParameter: "${5:/shop/prod/secret-key-base}" },
      },
    },
  },
] as const;
