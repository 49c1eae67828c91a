/** What ECS's agent answers to a task's own containers. */
export interface TaskAgent {
  /**
   * A request to `$ECS_AGENT_URI/task-protection/v1/state`.
   * @param body of a PUT, as it was sent; absent for a GET
   */
  taskProtection(body?: string): Promise<AgentAnswer>;
}

export interface AgentAnswer {
  /** HTTP's. */
  readonly status: number;
  readonly body: object;
}
