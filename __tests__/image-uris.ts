const digest = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea";

/** URIs of images, each with its version. */
export const imageUris = [
  [`ghcr.io/acme/shop@sha256:${digest}`, "3f79bb7b435b"],
  [`ghcr.io/acme/shop:1.4.2@sha256:${digest}`, "3f79bb7b435b"],
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2", "1_4_2"],
  ["localhost:5000/shop:1.4.2-rc.1", "1_4_2-rc_1"],
  ["shop:v1", "v1"],
  ["ghcr.io/acme/shop:Main-7_x", "Main-7_x"],
  ["ghcr.io/acme/shop:da39a3ee5e6b4b0d3255bfef95601890afd80709", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  ["ghcr.io/acme/shop:latest-1", "latest-1"],
] as const;
