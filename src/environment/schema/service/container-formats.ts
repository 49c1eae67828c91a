import { seconds, text, wholeNumber } from "../shapes";

/** Sources: https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html, https://docs.aws.amazon.com/efs/latest/ug/API_CreateAccessPoint.html */
const efsId = (prefix: string) =>
  text(
    new RegExp(`^${prefix}-[0-9a-f]{8,40}$`),
    `"${prefix}-" and 8 to 40 hexadecimal digits`,
    `${prefix}-0123456789abcdef0`,
  );
export const fileSystemId = efsId("fs");
export const accessPointId = efsId("fsap");

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
export const volumeName = text(
  /^[A-Za-z0-9_-]{1,255}$/,
  "a volume's name: 1 to 255 letters, digits, hyphens and underscores",
  "uploads",
);
export const containerPath = text(
  /^\/[^:\u0000-\u001f]{1,4094}$/,
  'an absolute path inside the container such as "/app/uploads", without a colon',
  "/app/uploads",
);
/** Source: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/format-schema */
export const logOption = text(
  /^[A-Za-z0-9_.@-]{1,255}$/,
  "an option of the log router: 1 to 255 letters, digits and _ . @ -",
  "Name",
);

/** The times of a container's health check. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
export const healthCheckTimes = {
  interval: seconds(5, 300),
  timeout: seconds(2, 60),
  retries: wholeNumber(1, 10),
  startPeriod: seconds(0, 300),
};
