/** A zip of the most text that a workspace takes, badly packed, with room for what is left out of it. */
export const MAX_ZIP_BYTES = 4 * 1024 * 1024;
/** All files of a zip unpacked, those that are left out included: pictures of a repository, not films. */
export const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;
/** Entries of a zip, folders and what is left out included. */
export const MAX_ENTRIES = 512;
/** Bytes of one name; a path may have 255. */
export const MAX_NAME_BYTES = 1024;
