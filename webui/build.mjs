// Builds the pages: src -> dist (or the folder given). The same sources and the
// locked packages give the same bytes on every machine; a Go test proves it.
import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const here = import.meta.dirname;
const out = process.argv[2] ?? join(here, "dist");
const font = join(here, "node_modules/vazirmatn");
const { version } = JSON.parse(await readFile(join(font, "package.json"), "utf8"));

for (const file of ["src/index.html", "src/style/tokens.css"]) {
  const text = await readFile(join(here, file), "utf8");
  if (!text.includes(`/fonts/vazirmatn-${version}-`)) throw new Error(`${file} names another font than vazirmatn ${version}`);
}

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "fonts"), { recursive: true });

await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx", style: "src/style/index.css" },
  outdir: out,
  bundle: true,
  preserveSymlinks: true, // the names of parts come from paths: the same wherever packages really are
  minify: true,
  format: "esm",
  splitting: true, // a place's code is loaded with the place
  chunkNames: "parts/[name]-[hash]",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  external: ["/fonts/*", "/pattern.svg"],
  legalComments: "none",
  logLevel: "warning",
});

for (const weight of ["Regular", "SemiBold"]) {
  await cp(join(font, `fonts/webfonts/Vazirmatn-${weight}.woff2`), join(out, `fonts/vazirmatn-${version}-${weight.toLowerCase()}.woff2`));
}
await cp(join(font, "OFL.txt"), join(out, "fonts/OFL.txt"));
for (const file of ["index.html", "pattern.svg", "icon.svg"]) {
  await cp(join(here, "src", file), join(out, file));
}

// The licences of what is bundled travel with it.
const packages = ["preact", "@preact/signals", "@preact/signals-core"];
const texts = await Promise.all(packages.map(async (p) => {
  const dir = join(here, "node_modules", p);
  const { version } = JSON.parse(await readFile(join(dir, "package.json"), "utf8"));
  return `${p} ${version}\n\n${await readFile(join(dir, "LICENSE"), "utf8")}`;
}));
await writeFile(join(out, "licences.txt"), texts.join("\n---\n\n"));
