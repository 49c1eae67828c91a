/** @param what it counts, for the message. @throws Error when it is no whole number from 0 on */
export function wholeNumber(text: string, what: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`"${text}" is no number of ${what}: a whole number from 0 on is.`);
}
