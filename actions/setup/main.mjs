// Brings the program `package-actions` to this runner: by the digest that stands in this very
// commit, from the tool cache or a download; on a commit that is no release, from source.

import { chmodSync, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Refused, addPath, output, problem, report, runAction, say, shown, tell } from "../../wasm/node/runner.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const REPOSITORY = join(HERE, "..", "..");
const HOST = `${process.platform}-${process.arch}`;
const PROGRAM = process.platform === "win32" ? "package-actions.exe" : "package-actions";
const RELEASES = "https://github.com/contextforge-org/package-actions/releases/download";

/** Downloads are tried this often, with waits of 1, 2 and 4 seconds between. */
const TRIES = 4;

/** A server may ask for this long a wait, in seconds. */
const LONGEST_WAIT = 30;

/** A release's file lies behind one redirect; nobody needs more than this. */
const REDIRECTS = 5;

/** One try may take this long, in milliseconds. */
const PATIENCE = 300_000;

/** What the environment of a job that holds secrets looks like. */
const SECRET = /TOKEN|KEY|PASSWORD|PASSWD|SECRET|CREDENTIAL/u;

/** The runner's own, which every JavaScript action gets; no build sees them. */
const OWN = new Set(["ACTIONS_RUNTIME_TOKEN"]);

/** What a build from source may see of the environment. */
const PASSED = [
  "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "SystemRoot", "TEMP", "TMP", "TMPDIR", "LANG",
  "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
  "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "ProgramFiles",
  "ProgramFiles(x86)", "ProgramData", "COMSPEC", "PATHEXT", "LOCALAPPDATA", "APPDATA",
];

await runAction(async () => {
  const table = join(HERE, "binaries.json");
  const path = existsSync(table) ? await released(readTable(table)) : fromSource();
  const version = told(path);
  output("path", path);
  output("version", version);
  addPath(dirname(path));
  say(`package-actions ${version}: ${path}`);
});

function refuse(code, message, help) {
  return new Refused([problem(code, message, help)]);
}

/** The table of this release. Anything that is not spelled as expected is refused. */
function readTable(file) {
  let table;
  try {
    table = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refuse("setup-table", `\`binaries.json\` cannot be read: ${error.message}`);
  }
  const good = (row) =>
    /^[\w.-]+$/u.test(row?.name) && /^(?:sha256:)?[0-9a-f]{64}$/u.test(row?.sha256) &&
    Number.isSafeInteger(row?.size) && row.size > 0;
  const rows = Object.entries(table?.binaries ?? {});
  if (!/^\d+\.\d+\.\d+[\w.+-]*$/u.test(table?.version) || !rows.every(([, row]) => good(row))) {
    throw refuse("setup-table", "`binaries.json` is not spelled as `release-tree` writes it");
  }
  const row = table.binaries[HOST];
  if (!Object.hasOwn(table.binaries, HOST)) {
    const names = rows.map(([name]) => name).sort().join(", ") || "none";
    const help = "run the job on one of these";
    throw refuse("setup-platform", `no binary for ${HOST}; rows: ${names}`, help);
  }
  return { version: table.version, ...row, sha256: row.sha256.replace("sha256:", "") };
}

/** The program of a release: from the cache when its bytes are still right, else fetched. */
async function released(row) {
  const cache = process.env.RUNNER_TOOL_CACHE || process.env.RUNNER_TEMP || tmpdir();
  const folder = join(cache, "package-actions", row.version, process.arch);
  const path = join(folder, PROGRAM);
  if (existsSync(path)) {
    if (digest(path) === row.sha256) {
      chmodSync(path, 0o755);
      return path;
    }
    const message = "the cached program has other bytes than this release's, fetching it again";
    report([{ ...problem("setup-cache", message), severity: "warning" }]);
  }
  mkdirSync(folder, { recursive: true });
  // Beside its place, so that it is there whole or not at all; another job may do the same.
  const fresh = join(folder, `.${randomUUID()}.part`);
  try {
    await fetched(row, fresh);
    chmodSync(fresh, 0o755);
    put(fresh, path, row);
  } finally {
    rmSync(fresh, { force: true });
  }
  writeFileSync(`${folder}.complete`, "");
  return path;
}

/**
 * Gives the fresh program its place, over what lies there: between a removal and a new name another
 * job of the same machine would find nothing. Where a program that runs cannot be replaced, the
 * other job has put the same bytes there.
 */
function put(fresh, path, row) {
  try {
    renameSync(fresh, path);
  } catch (error) {
    if (!existsSync(path) || digest(path) !== row.sha256) throw error;
  }
}

function digest(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Downloads the program, and hashes it on its way. */
async function fetched(row, file) {
  http.setGlobalProxyFromEnv?.();
  const base = (process.env.PACKAGE_ACTIONS_MIRROR || RELEASES).replace(/\/+$/u, "");
  const address = `${base}/v${encodeURIComponent(row.version)}/${encodeURIComponent(row.name)}`;
  if (!/^https?:/u.test(address) || !URL.canParse(address)) {
    const message = `\`PACKAGE_ACTIONS_MIRROR\` is \`${shown(base)}\`, which is no address`;
    throw refuse("setup-mirror", message);
  }
  for (let tried = 1; ; tried += 1) {
    try {
      return await once(row, address, file);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // Node names a refused connection by its code alone.
      const why = error.message || error.code;
      if (tried === TRIES) {
        const message = `cannot fetch \`${address}\`, tried ${TRIES} times: ${why}`;
        throw refuse("setup-fetch", message, "run the job again, or name a `PACKAGE_ACTIONS_MIRROR`");
      }
      const seconds = Math.min(error.seconds ?? 2 ** (tried - 1), LONGEST_WAIT);
      say(`fetching failed (${why}), again in ${seconds} s`);
      await wait(seconds * 1000);
    }
  }
}

/**
 * What stands at an address, behind its redirects. Not by `fetch`: the one of Node 24 stops the
 * whole process when a server closes its connection at an unlucky moment.
 */
async function got(address) {
  const signal = AbortSignal.timeout(PATIENCE);
  for (let left = REDIRECTS; ; left -= 1) {
    const answer = await new Promise((done, failed) => {
      const { get } = address.protocol === "https:" ? https : http;
      get(address, { signal }, done).on("error", failed);
    });
    const next = answer.headers.location;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode) || !next) return answer;
    answer.destroy();
    const further = URL.canParse(next, address) ? new URL(next, address) : null;
    if (left === 0 || !/^https?:$/u.test(further?.protocol)) {
      const why = left === 0 ? `more than ${REDIRECTS} redirects` : "a redirect to no web address";
      throw refuse("setup-fetch", `\`${address}\` answered with ${why}`);
    }
    address = further;
  }
}

async function once(row, address, file) {
  const answer = await got(new URL(address));
  const status = answer.statusCode;
  if (status !== 200) {
    answer.destroy();
    const again = status >= 500 || [408, 429].includes(status);
    if (!again) {
      throw refuse("setup-fetch", `\`${address}\` answered ${status}`, "is it released?");
    }
    const seconds = Number.parseInt(answer.headers["retry-after"] ?? "", 10);
    const asked = Number.isNaN(seconds) ? {} : { seconds };
    throw Object.assign(new Error(`it answered ${status}`), asked);
  }
  const hash = createHash("sha256");
  const into = createWriteStream(file, { flags: "w", mode: 0o600 });
  let size = 0;
  try {
    for await (const piece of answer) {
      size += piece.length;
      if (size > row.size) break;
      hash.update(piece);
      if (!into.write(piece)) await new Promise((done) => into.once("drain", done));
    }
  } finally {
    // Closed, not only written: a system does not run a program that is open for writing.
    await new Promise((done) => into.once("close", done).end());
  }
  if (size < row.size) throw new Error(`it ended after ${size} of ${row.size} bytes`);
  const found = size > row.size ? "more bytes than it may have" : `sha256:${hash.digest("hex")}`;
  if (found !== `sha256:${row.sha256}`) {
    const message = `\`${address}\` has ${found}, expected sha256:${row.sha256}`;
    throw refuse("setup-digest", message, "nothing of it was run; check where it comes from");
  }
}

/** Builds the program of this commit, where nothing could be stolen by what is built. */
function fromSource() {
  if (!existsSync(join(REPOSITORY, "Cargo.toml"))) {
    throw refuse("setup-table", "this commit holds neither `binaries.json` nor sources", "pin a release");
  }
  const reason = holds();
  if (reason) {
    const message = `this commit is no release, and a build from source is refused: ${reason}`;
    throw refuse("setup-source", message, "pin a release (`@v1`, or a tag's SHA)");
  }
  say("this commit is no release: building package-actions from source");
  const target = join(process.env.RUNNER_TEMP || tmpdir(), "package-actions-target");
  const env = { CARGO_TARGET_DIR: target, CARGO_TERM_COLOR: "never" };
  for (const name of PASSED) if (process.env[name] !== undefined) env[name] = process.env[name];
  const line = ["build", "--release", "--locked", "--package", "package-actions"];
  // What a build prints is its own: the runner reads no command out of it.
  const mark = randomUUID();
  tell(`::stop-commands::${mark}\n`);
  const ran = spawnSync("cargo", line, { cwd: REPOSITORY, env, stdio: ["ignore", 1, 1] });
  tell(`\n::${mark}::\n`);
  if (ran.error || ran.status !== 0) {
    const why = ran.error?.message ?? `cargo ended with ${ran.status ?? ran.signal}`;
    throw refuse("setup-source", `it cannot be built from source: ${why}`, "pin a release");
  }
  return join(target, "release", PROGRAM);
}

/** Why nothing may be built in this job: what it holds. */
function holds() {
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL) return "the job may ask for an identity token";
  const named = Object.keys(process.env).filter((name) =>
    SECRET.test(name.toUpperCase()) && !OWN.has(name) && process.env[name] !== "");
  return named.length === 0 ? "" : `the job seems to hold a secret in \`${shown(named.sort()[0])}\``;
}

/** The version that the program itself tells. */
function told(path) {
  const ran = spawnSync(path, ["--version"], {
    encoding: "utf8",
    env: { PATH: [dirname(path), process.env.PATH].join(delimiter) },
    timeout: 60_000,
  });
  const version = /^package-actions (\S+)\s*$/u.exec(ran.stdout ?? "")?.[1];
  if (ran.status !== 0 || !version) {
    const why = ran.error?.message ?? `it ended with ${ran.status ?? ran.signal}`;
    throw refuse("setup-program", `the program does not run here: ${why}`);
  }
  return version;
}
