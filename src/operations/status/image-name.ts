/** An image's name and version without its registry, such as `shop:1.4.0` or `shop@sha256:0123456789ab`. */
export function imageName(uri: string): string {
  const name = uri.split("/").at(-1)!;
  return name.replace(/^([^@:]+)(?::[^@]*)?@sha256:([0-9a-f]{12})[0-9a-f]*$/, "$1@sha256:$2");
}
