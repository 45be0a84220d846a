export { createDirectoryAdmin } from './directory-admin.ts'
export type { DirectoryAdmin, MemberGrant, MemberName } from './directory-admin.ts'
export { createMirroredDirectory, createStoreDirectory } from './store-directory.ts'
