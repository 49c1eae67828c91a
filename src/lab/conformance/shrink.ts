import type { Layout } from "../../conformance/layout";

/** Whether what is wrong with a layout is still wrong with a smaller one. */
type StillWrong = (layout: Layout) => Promise<boolean>;

/**
 * Takes away whatever may go while the layout stays wrong, until nothing may go any more.
 * @param keep services that stay
 */
export async function shrink(layout: Layout, keep: readonly string[], stillWrong: StillWrong): Promise<Layout> {
  const bare = onlyNeeded(layout, keep);
  let smallest = (await stillWrong(bare)) ? bare : layout;
  for (let again = true; again;) {
    again = false;
    for (const smaller of smallerOnes(smallest, keep))
      if (await stillWrong(smaller)) {
        smallest = smaller;
        again = true;
        break;
      }
  }
  return smallest;
}

/** The services that stay, and what they name: most of a layout goes in one step. */
function onlyNeeded(layout: Layout, keep: readonly string[]): Layout {
  let needed: Layout = { ...layout, services: layout.services.filter(({ name }) => keep.includes(name)) };
  for (let next: Layout | undefined = needed; next; [next] = withoutUnused(needed)) needed = next;
  return needed;
}

/** The layout without one of its parts each, large parts first. */
function* smallerOnes(layout: Layout, keep: readonly string[]): Generator<Layout> {
  for (const services of withoutOne(layout.services, ({ name }) => !keep.includes(name))) yield { ...layout, services };
  for (const [at, service] of layout.services.entries()) {
    const put = (changed: typeof service) => ({ ...layout, services: layout.services.with(at, changed) });
    if (service.tasks.length > 1) for (const tasks of withoutOne(service.tasks)) yield put({ ...service, tasks });
    if (service.groups.length > 1) for (const groups of withoutOne(service.groups)) yield put({ ...service, groups });
  }
  yield* withoutUnused(layout);
  for (const [at, { acl, routeTable, ...subnet }] of layout.subnets.entries()) {
    const put = (changed: object) => ({ ...layout, subnets: layout.subnets.with(at, { ...subnet, ...changed }) });
    if (acl !== undefined) yield put({ routeTable });
    if (routeTable !== undefined) yield put({ acl });
  }
  yield* withoutEntries(layout);
}

/** Whatever is in a group, a list, an ACL or a table. */
function* withoutEntries(layout: Layout): Generator<Layout> {
  for (const [at, group] of layout.groups.entries()) {
    for (const rules of withoutOne(group.rules))
      yield { ...layout, groups: layout.groups.with(at, { ...group, rules }) };
    for (const [index, rule] of group.rules.entries())
      if (rule.peers.length > 1)
        for (const peers of withoutOne(rule.peers))
          yield {
            ...layout,
            groups: layout.groups.with(at, { ...group, rules: group.rules.with(index, { ...rule, peers }) }),
          };
  }
  for (const [at, list] of layout.prefixLists.entries())
    for (const cidrs of withoutOne(list.cidrs))
      yield { ...layout, prefixLists: layout.prefixLists.with(at, { ...list, cidrs }) };
  for (const [at, acl] of layout.acls.entries())
    for (const entries of withoutOne(acl.entries)) yield { ...layout, acls: layout.acls.with(at, { ...acl, entries }) };
  for (const [at, table] of layout.routeTables.entries())
    for (const routes of withoutOne(table.routes))
      yield { ...layout, routeTables: layout.routeTables.with(at, { ...table, routes }) };
}

/** The layout without one thing that nothing names. */
function* withoutUnused(layout: Layout): Generator<Layout> {
  const { services, subnets, groups, prefixLists, acls, routeTables, peerings, vpcs } = layout;
  const isNamed = (field: string, id: string, where: unknown) => JSON.stringify(where).includes(`"${field}":"${id}"`);
  const unused = (field: string, where: unknown) => (thing: { readonly id: string }) =>
    !isNamed(field, thing.id, where);
  const inService = services.flatMap((service) => service.groups);
  const free = (group: { readonly id: string }) => !inService.includes(group.id) && !isNamed("group", group.id, groups);
  for (const rest of withoutOne(groups, free)) yield { ...layout, groups: rest };
  for (const rest of withoutOne(subnets, unused("subnet", services))) yield { ...layout, subnets: rest };
  for (const rest of withoutOne(prefixLists, unused("prefixList", groups))) yield { ...layout, prefixLists: rest };
  for (const rest of withoutOne(acls, unused("acl", subnets))) yield { ...layout, acls: rest };
  for (const rest of withoutOne(routeTables, unused("routeTable", subnets))) yield { ...layout, routeTables: rest };
  for (const rest of withoutOne(peerings, unused("peering", routeTables))) yield { ...layout, peerings: rest };
  const inVpcs = { subnets, groups, acls, routeTables };
  const ends = peerings.flatMap(({ requester, accepter }) => [requester, accepter]);
  const empty = (vpc: { readonly id: string }) => !ends.includes(vpc.id) && !isNamed("vpc", vpc.id, inVpcs);
  for (const rest of withoutOne(vpcs, empty)) yield { ...layout, vpcs: rest };
}

function* withoutOne<Thing>(
  things: readonly Thing[],
  mayGo: (thing: Thing) => boolean = () => true,
): Generator<Thing[]> {
  for (const [at, thing] of things.entries()) if (mayGo(thing)) yield things.toSpliced(at, 1);
}
