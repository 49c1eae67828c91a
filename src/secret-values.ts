const secretName =
  /(SECRET|PASSWORD|PASSWD|PASSPHRASE|COOKIE|(PRIVATE|API|ACCESS|AUTH|ENCRYPTION|SIGNING|LICENSE|MASTER|DEPLOY|SSH|REPO)_?KEY|CREDENTIAL|(^|_)TOKEN|TOKEN$|(^|_)(PASS|PWD|PAT)$)/i;
/** Names of variables that describe a secret, such as its location, and don't contain it. */
const aboutSecret =
  /(_(ARN|NAME|PATH|FILE|ID|TTL|AGE|TIMEOUT|LENGTH|DOMAIN|SAMESITE|COUNT|LIMIT|ENABLED|REGION)|PUBLIC_KEY)$/i;

/** Why a variable looks like a secret; `undefined` when it doesn't. Expressions and references don't. */
export function looksSecret(name: string, value: string): string | undefined {
  if (value === "" || value.includes("${") || /^arn:/.test(value)) return undefined;
  if (/(^|\s)-setcookie\s+\S/.test(value)) return "its flag -setcookie contains the cookie";
  if (/:\/\/[^/\s:@]+:[^/\s@]+@/.test(value)) return "its URL contains a password";
  if (secretName.test(name) && !aboutSecret.test(name) && !/^(true|false|\d{1,6})$/i.test(value))
    return "its name says that it is a secret";
  return isRandom(value) ? "its value looks like a generated one" : undefined;
}

/** Whether a variable's name shows that its value is a secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name) && !aboutSecret.test(name);
}

/** Whether a value is a long run of letters and digits with the entropy of a generated value, but not a digest, an address or a name. */
function isRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/=_-]{24,}$/.test(value)) return false;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 32 && bitsPerCharacter(value) > 3;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(value)).length;
  return kinds === 3 && !/[a-zA-Z]{10}/.test(value) && bitsPerCharacter(value) >= 4;
}

/** Shannon's entropy. */
function bitsPerCharacter(value: string): number {
  const count = new Map<string, number>();
  for (const character of value) count.set(character, (count.get(character) ?? 0) + 1);
  return [...count.values()].reduce(
    (bits, times) => bits - (times / value.length) * Math.log2(times / value.length),
    0,
  );
}
