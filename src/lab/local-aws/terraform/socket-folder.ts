/**
 * The variable that puts the sockets of Terraform and its providers into a folder, so that they go with it even after a
 * kill; none for a path too long. A socket's path has 103 characters at most (sockaddr_un of macOS), and a provider adds up
 * to 17: "/plugin" and 32 bits.
 */
export const socketFolder = (folder: string): Record<string, string> => (folder.length <= 86 ? { TMPDIR: folder } : {});
