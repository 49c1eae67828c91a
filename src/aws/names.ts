/**
 * What AWS calls the things of a service: derived here for those who make them, and for those who look for them later.
 */

/** A service's name in its account: task definition family, and what its other names begin with. */
export const fullNameOf = (environment: string, service: string): string => `${environment}-${service}`;

/** Name of the security group that a service's tasks are in. */
export const securityGroupName = (fullName: string): string => `${fullName}-service`;

/** Name of the security group that all services of an environment share, where they share one. */
export const sharedSecurityGroupName = (environment: string): string => `${environment}-cluster`;

/** Name of the role that ECS itself takes (`execution`), or that the application takes (`task`). */
export const roleName = (fullName: string, purpose: "execution" | "task"): string => `${fullName}-${purpose}`;

/** Name of the log group that a service's containers write to. */
export const logGroupName = (fullName: string): string => `/ecs/${fullName}`;

/** What a service's release is called where nothing else is said: Elixir takes no hyphens. */
export const defaultReleaseName = (service: string): string => service.replace(/-/g, "_");
