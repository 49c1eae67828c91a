/** A field of a cron expression: its name, its numbers, its names if it has any, and its other forms. */
interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  readonly special?: RegExp;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fields: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31, special: /^(\?|L|LW|(\d|[12]\d|3[01])W)$/ },
  { name: "month", from: 1, to: 12, names: months },
  { name: "day of week", from: 1, to: 7, names: days, special: /^(\?|L|([1-7]|[A-Z]{3})(L|#[1-5]))$/ },
  { name: "year", from: 1970, to: 2199 },
];

/**
 * Why EventBridge Scheduler wouldn't take a cron expression, as what is allowed instead; `undefined` when it would.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function wrongCron(expression: string): string | undefined {
  const given = expression.split(/\s+/);
  if (given.length !== fields.length) {
    return `six fields, ${fields.map(({ name }) => name).join(", ")}, such as "0 3 * * ? *"; this has ${given.length}`;
  }
  for (const [index, field] of fields.entries()) {
    if (!fits(given[index]!, field))
      return `a valid field for ${field.name}: "${given[index]}" isn't one (${range(field)})`;
  }
  if ((given[2] === "?") !== (given[4] === "?")) return undefined;
  return 'a "?" in exactly one of the fields day of month and day of week, such as "0 3 * * ? *"';
}

const range = ({ from, to, names }: Field) => `${from} to ${to}${names ? ` or ${names[0]} to ${names.at(-1)}` : ""}`;

function fits(text: string, field: Field): boolean {
  if (field.special?.test(text)) return true;
  return text.split(",").every((part) => {
    const [base = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    const ends = base === "*" ? [] : base.split("-");
    return ends.length <= 2 && ends.every((end) => isValue(end, field));
  });
}

function isValue(text: string, { from, to, names }: Field): boolean {
  if (names?.includes(text)) return true;
  return /^\d{1,4}$/.test(text) && from <= Number(text) && Number(text) <= to;
}
