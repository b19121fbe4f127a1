// Writes a Brotli twin beside every text asset, so that the server never compresses at run time.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const TEXT = /\.(html|js|css|svg|json|txt)$/;

function compress(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== '.vite') compress(path);
    } else if (TEXT.test(name) && name !== 'index.html') {
      // The server writes a nonce into index.html, so that one is never precompressed.
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      const packed = brotliCompressSync(readFileSync(path), { params });
      writeFileSync(`${path}.br`, packed);
    }
  }
}

compress('dist');
