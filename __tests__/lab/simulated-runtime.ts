import type {
  Container,
  ContainerSpec,
  Destination,
  ExitStatus,
  LoadBalancerSpec,
  SecurityGroup,
  TargetAnswer,
  TargetCheck,
  Task,
  TaskRuntime,
  TaskRuntimeOptions,
  TaskSpec,
  Zone,
} from "../../src/lab/data-plane/data-plane";

/** A container that only seems to run: it does what `behave` says, and notes what is done to it. */
class SimulatedContainer implements Container {
  readonly startedAt = new Date().toISOString();
  readonly exited: Promise<ExitStatus>;
  healthy = true;
  /** What it has written. */
  output = "";
  #exit!: (status: ExitStatus) => void;

  constructor(
    readonly spec: ContainerSpec,
    private readonly note: (what: string) => void,
  ) {
    this.exited = new Promise((resolve) => (this.#exit = resolve));
  }

  end(exitCode: number): void {
    this.#exit({ exitCode, finishedAt: new Date().toISOString() });
  }

  log = () => this.output;
  signal = async (name: string) => this.end(name === "SIGKILL" ? 137 : 143);
  exec = async () => ({ stdout: "", stderr: "", code: this.healthy ? 0 : 1 });
  terminal = async () => ({ file: "", args: [], environment: {} });

  async stop(timeoutSeconds: number): Promise<ExitStatus> {
    this.note(`stop ${this.spec.name} ${timeoutSeconds}`);
    this.end(143);
    return this.exited;
  }
}

/** A data plane without processes and packets, which notes what it is asked for. */
export class SimulatedRuntime implements TaskRuntime {
  readonly abilities = { delay: false };
  /** Ends it as when its sandbox is lost. */
  die: (error: Error) => void = () => {};
  readonly closed = new Promise<Error | undefined>((resolve) => (this.die = resolve));
  readonly containers: { task: TaskSpec; container: SimulatedContainer }[] = [];
  readonly notes: string[] = [];
  zones: readonly Zone[] = [];
  groups: readonly SecurityGroup[] = [];
  loadBalancers: readonly LoadBalancerSpec[] = [];
  destinations: readonly Destination[] = [];
  /** What targets answer to health checks. */
  answer: TargetAnswer = { status: 200 };
  answerOf: (check: TargetCheck) => TargetAnswer = () => this.answer;
  options?: TaskRuntimeOptions;
  /** Called with each container as it starts. */
  behave: (container: SimulatedContainer) => void = () => {};

  readonly start = async (options: TaskRuntimeOptions): Promise<TaskRuntime> => {
    this.options = options;
    return this;
  };

  /** Addresses that `name` resolves to. */
  resolve(zone: string, service: string) {
    const found = this.zones.find(({ name }) => name === zone)?.services.find(({ name }) => name === service);
    return (found?.instances ?? []).filter(({ healthy }) => healthy).map(({ address }) => address);
  }

  async createTask(spec: TaskSpec): Promise<Task> {
    this.notes.push(`create ${spec.address}`);
    return {
      spec,
      startContainer: async (container) => {
        this.notes.push(`start ${container.name} ${spec.address}`);
        const running = new SimulatedContainer(container, (what) => this.notes.push(what));
        this.containers.push({ task: spec, container: running });
        this.behave(running);
        return running;
      },
      describe: async () => {},
      forward: async () => ({ port: 0, close: async () => {} }),
      remove: async () => void this.notes.push(`remove ${spec.address}`),
    };
  }

  applySecurityGroups = async (groups: readonly SecurityGroup[]) => void (this.groups = groups);
  applyZones = async (zones: readonly Zone[]) => {
    this.notes.push(`zones ${zones.flatMap((zone) => zone.services.flatMap((service) => service.instances)).length}`);
    this.zones = zones;
  };
  applyLoadBalancers = async (loadBalancers: readonly LoadBalancerSpec[]) => void (this.loadBalancers = loadBalancers);
  applyDestinations = async (destinations: readonly Destination[]) => void (this.destinations = destinations);
  checkTarget = async (_loadBalancer: string, check: TargetCheck) => this.answerOf(check);
  forwardToLoadBalancer = async () => ({ port: 0, close: async () => {} });
  applyFaults = async () => {};
  configureResolver = async () => {};
  applySubnets = async () => {};
  assignSecurityGroups = async () => {};
  probe = async () => [];
  counters = async () => ({ rules: [], denied: [], flows: [] });
  capture = async () => async () => ({ segments: 0, bytes: 0, texts: {}, challenges: 0 });
  statistics = async () => [];
  close = async () => {
    for (const { container } of this.containers) container.end(137);
  };
}
