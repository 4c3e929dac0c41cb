import { constants, existsSync } from 'node:fs';
import { copyFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { syncFile } from './database-copy.js';
import { makePrivateDirectory, syncDirectory } from './private-files.js';

const folderName = /^[0-9a-f]{2}$/;
const blobName = /^[0-9a-f]{64}$/;

/** Copies all blobs from `<fromDir>/blobs` to `<toDir>/blobs`, durably; returns how many. A blob never changes and appears whole,
 *  so this may stand beside whoever adds some. */
export async function copyBlobs(fromDir: string, toDir: string): Promise<number> {
  const [from, to] = [join(fromDir, 'blobs'), join(toDir, 'blobs')];
  if (!existsSync(from)) return 0;
  let count = 0;
  for (const folder of (await readdir(from)).filter((name) => folderName.test(name))) {
    makePrivateDirectory(join(to, folder));
    for (const name of (await readdir(join(from, folder))).filter((blob) => blobName.test(blob))) {
      const arriving = join(to, folder, `${name}.part`);
      await copyFile(join(from, folder, name), arriving, constants.COPYFILE_EXCL);
      syncFile(arriving);
      await rename(arriving, join(to, folder, name));
      count += 1;
    }
    syncDirectory(join(to, folder));
  }
  return count;
}

/** The names of all blobs in `<dataDir>/blobs`. */
export async function* blobNames(dataDir: string): AsyncGenerator<string> {
  const root = join(dataDir, 'blobs');
  if (!existsSync(root)) return;
  for (const folder of (await readdir(root)).filter((name) => folderName.test(name))) {
    yield* (await readdir(join(root, folder))).filter((name) => blobName.test(name));
  }
}
