// Bundles the page, and compresses it to check its size.
//
//   node build.mjs                  writes web/dist, for reprieve --web-dir
//   node build.mjs --watch          the same, and again after every change; not minified, to debug it in the browser
//   node build.mjs --embed FILE     writes FILE: a C++ source with the compressed files (src/api/browser/web_asset.hpp)
//
// The build fails if the page is larger than its budget; --watch does not check that.
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {build, context} from 'esbuild';

const budget = 150_000;  // bytes: all files together, compressed
const here = dirname(fileURLToPath(import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const watch = process.argv.includes('--watch');
const embed = process.argv.includes('--embed') ? process.argv[process.argv.indexOf('--embed') + 1] : null;
// Builds of different presets can run at the same time, so each has its own folder.
const out = embed ? `${embed}.dist` : join(here, 'dist');

// Writes index.html with the names of the bundles, which contain hashes.
const index = {
  name: 'index',
  setup(it) {
    it.onEnd((result) => {
      if (result.errors.length > 0) return;
      const bundles = Object.entries(result.metafile.outputs).filter(([, made]) => made.entryPoint);
      const named = (ending) => bundles.map(([path]) => path.split('/').pop()).find((name) => name.endsWith(ending));
      const icon = Object.keys(result.metafile.outputs).map((path) => path.split('/').pop())
        .find((name) => name.startsWith('icon') && name.endsWith('.svg'));
      const html = readFileSync(join(here, 'src/index.html'), 'utf8')
        .replace('{script}', named('.js')).replace('{style}', named('.css')).replace('{icon}', icon);
      writeFileSync(join(out, 'index.html'), html);
    });
  },
};

const options = {
  entryPoints: [join(here, 'src/main.tsx'), join(here, 'src/style/main.css'), join(here, 'src/icon.svg')],
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: {'.svg': 'copy'},
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  legalComments: 'none',
  metafile: true,
  absWorkingDir: here,
  logLevel: 'warning',
  plugins: [index],
};

function compressed() {
  return readdirSync(out).sort().map((name) => {
    const bytes = readFileSync(join(out, name));
    return {
      name,
      type: types[extname(name)],
      etag: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
      gzip: gzipSync(bytes, {level: 9}),
    };
  });
}

function source(assets) {
  const arrays = assets.map(({gzip}, i) =>
    `constexpr std::array<unsigned char, ${gzip.length}> asset_${i}{\n${
      gzip.toString('hex').replace(/../g, (byte) => `${parseInt(byte, 16)},`).replace(/(.{100,}?,)/g, '$1\n')}};\n`);
  const rows = assets.map(({name, type, etag}, i) =>
    `    {${JSON.stringify(name)}, ${JSON.stringify(type)}, "\\"${etag}\\"", asset_${i}},\n`);
  return `#include <array>

#include "api/browser/web_asset.hpp"

namespace reprieve::api {

namespace {
${arrays.join('')}
constexpr std::array<WebAsset, ${assets.length}> assets{{
${rows.join('')}}};
}  // namespace

std::span<const WebAsset> embedded_web_assets() { return assets; }

}  // namespace reprieve::api
`;
}

rmSync(out, {recursive: true, force: true});
mkdirSync(out, {recursive: true});
if (watch) {
  await (await context(options)).watch();
} else {
  await build(options);
  const assets = compressed();
  const total = assets.reduce((sum, {gzip}) => sum + gzip.length, 0);
  console.log(`the page: ${total} of ${budget} bytes, compressed`);
  if (total > budget) {
    for (const {name, gzip} of assets) console.error(`  ${gzip.length} ${name}`);
    console.error('the page is larger than its budget: reduce the large files above, or remove a dependency');
    process.exit(1);
  }
  if (embed) writeFileSync(embed, source(assets));
}
