import { Deployed } from "./deployed";
import { FaultyAws } from "./faulty-aws";

/** What a file's tests run against. */
export interface DeployedForTests {
  readonly deployed: Deployed;
  /** In front of local AWS: it answers with the faults that a test wants, and passes on all else. */
  readonly faulty: FaultyAws;
}

/**
 * Deploys an environment before a file's tests, restores it before each of them, and removes it after them. Call it at the top of
 * the file: hooks that the file adds run after these.
 *
 * @param use gets the environment once it is deployed. @param deploy what to deploy. @default two services that cluster
 */
export function deployBefore(
  use: (own: DeployedForTests) => unknown,
  deploy: (deployed: Deployed) => Promise<unknown> = (deployed) => deployed.deploy(),
): void {
  let own: DeployedForTests;

  beforeAll(async () => {
    const deployed = await Deployed.start();
    await deploy(deployed);
    await deployed.checkpoint();
    const faulty = await FaultyAws.inFrontOf(deployed.aws.endpoint);
    process.env.AWS_ENDPOINT_URL = faulty.endpoint;
    use((own = { deployed, faulty }));
  });

  beforeEach(async () => {
    own.faulty.clear();
    await own.deployed.restore();
  });

  afterEach(() => void jest.restoreAllMocks());

  afterAll(async () => {
    await own.faulty.close();
    await own.deployed.stop();
  });
}
