import { kindOf, type Nearby, type Resource, type Resources } from "../read/resources";
import { isReference, isUnknown, list, type List, type Reference, type Value, Unknown } from "../read/value";

const groupTypes = ["aws_security_group", "aws_default_security_group", "data.aws_security_group"];

/** Arguments of a module that name the groups of what it makes, rather than those that it lets in. */
const groupArgument = /^((additional|extra|task|ecs|service)_)*(vpc_)?security_groups?(_ids?)?$/;

/** Arguments that name the groups of somebody else: of who is let in, or of what is dialled. */
const othersArgument =
  /(^|_)(alb|nlb|elb|lb|load_balancer|source|allowed|ingress|egress|rules?|bastion|clients?|database|db|rds|efs|redis)(_|$)/;

/**
 * Reads what one resource refers to where its plan doesn't say: an expression that goes through a local value, or one in
 * a `dynamic` block, of which a plan records nothing. Where one resource of a type fits, the review takes it; the
 * report lists it. Where several fit, it names all of them.
 */
export class Inference {
  /** What was taken for what, in sentences. */
  readonly notes: string[] = [];

  constructor(
    private readonly resource: Resource,
    private readonly resources: Resources,
  ) {}

  /** A value that stands for one resource of `types`. `block` is the block that it is set in. */
  one(value: Value | undefined, what: string, types: readonly string[], block?: string): Value | undefined {
    if (!isUnknown(value)) return value;
    const because = this.because(value, block);
    const named = this.ofTypes(value.candidates ?? [], types);
    const { own = [], given = [] } = this.resource.nearby?.() ?? {};
    const around = [...own, ...given.flatMap(({ parts }) => parts)];
    const possible = named.length > 0 ? named : this.ofTypes(around, types);
    if (possible.length === 0) return new Unknown(because, value.candidates, value.all);
    if (possible.length === 1) return this.take(possible, what, because)[0];
    return new Unknown(`${because}; it may be ${addresses(possible, " or ")}`, possible);
  }

  /** A list of security groups. */
  groups(value: Value | undefined, block: string): List {
    const { members, open } = list(value);
    if (!open) return { members };
    const because = this.because(open, block);
    const named = this.ofTypes([...members, ...(open.candidates ?? [])], groupTypes);
    if (named.length > 1) return several(members, named, because);
    if (named.length === 1) return { members: this.take(named, "its security group", because) };
    const { own = [], given = [] } = this.resource.nearby?.() ?? {};
    const ownGroups = this.ofTypes(own, groupTypes);
    const passed = this.takenBy(given, (argument) => groupArgument.test(argument));
    const all = unique([...ownGroups, ...this.takenBy(given, () => true)]);
    const likely = ownGroups.length > 1 ? [] : unique([...ownGroups, ...passed]);
    const more = this.takenBy(given, (argument) => !groupArgument.test(argument) && !othersArgument.test(argument));
    const rest = more.filter((part) => !likely.some((other) => sameGroup(part, other)));
    if (likely.length > 0) {
      const taken = this.take(likely, "its security groups", because);
      return rest.length === 0 ? { members: taken } : several(taken, rest, because);
    }
    if (all.length === 1) return { members: this.take(all, "its security group", because) };
    return all.length === 0 ? { members, open: new Unknown(because) } : several(members, all, because);
  }

  /** Why the plan doesn't say it. */
  private because({ because }: Unknown, block: string | undefined): string {
    const { configured } = this.resource;
    return block !== undefined && configured !== undefined && !(block in configured)
      ? `a dynamic block sets it, and plans don't record dynamic blocks`
      : because;
  }

  private take<Part extends Reference | string>(parts: readonly Part[], what: string, because: string) {
    this.notes.push(`${what} read as ${addresses(parts, " and ")}: ${because}`);
    return parts;
  }

  private takenBy(given: Nearby["given"], is: (argument: string) => boolean): readonly (Reference | string)[] {
    return unique(given.filter(({ argument }) => is(argument)).flatMap(({ parts }) => this.groupsIn(parts)));
  }

  private groupsIn(parts: readonly (Reference | string)[]): readonly (Reference | string)[] {
    return [
      ...this.ofTypes(parts, groupTypes),
      ...parts.filter((part) => typeof part === "string" && /^sg-[0-9a-f]+$/.test(part)),
    ];
  }

  private ofTypes(parts: readonly (Reference | string)[], types: readonly string[]): readonly Reference[] {
    return unique(parts.filter(isReference)).filter(({ address }) => {
      const resource = this.resources.at(address);
      return resource !== undefined && types.includes(kindOf(resource));
    });
  }
}

function several(members: List["members"], possible: readonly (Reference | string)[], because: string): List {
  return { members, open: new Unknown(`${because}; it may be any of ${addresses(possible, ", ")}`, possible) };
}

function sameGroup(one: Reference | string, other: Reference | string): boolean {
  return addresses([one], "") === addresses([other], "");
}

function addresses(parts: readonly (Reference | string)[], between: string): string {
  return parts.map((part) => (isReference(part) ? part.address : part)).join(between);
}

/** One part for each resource, whichever of its attributes are named. */
function unique<Part extends Reference | string>(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [isReference(part) ? part.address : part, part])).values()];
}
