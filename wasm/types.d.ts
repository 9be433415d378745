/** One thing that is wrong. */
export interface Problem {
  severity: "error" | "warning";
  /** A stable code in kebab-case. */
  code: string;
  message: string;
  help?: string;
  location?: { file: string; line: number; column: number };
}

/** Every answer lists what is wrong; where an error stopped the step, it holds nothing else. */
export interface Answer {
  problems: Problem[];
}

export type Format = "pypi" | "oci" | "helm" | "binary";
export type Platform =
  | "linux-amd64"
  | "linux-arm64"
  | "darwin-amd64"
  | "darwin-arm64"
  | "windows-amd64";

/** `sha256:` and 64 hex digits. */
export type Digest = string;

/** A list, or one text with commas or line breaks between its words. */
export type List = string[] | string;

/** A file by its digest. */
export interface FileDigest {
  path: string;
  digest: Digest;
}

/** A repository as a plan asks for it. Paths use `/` and are relative. */
export interface TreeHost {
  /**
   * What stands at a path: a letter (`T` text, `F` folder, `A` absent, `O` outside, `N` not text,
   * `U` unreadable), then the bytes of the text, link or reason.
   */
  find(path: string): Uint8Array;
  /** The same where no text is needed: of any file, the letter `N` alone. */
  look?(path: string): Uint8Array;
  /** All files, a NUL after each. */
  files(): Uint8Array;
  /**
   * What git answers to its arguments, joined by NUL, in the repository around: `T` and the text,
   * or nothing where there is none.
   */
  git?(question: string): Uint8Array;
  /** The SHA-256 of bytes, where the host hashes faster than the module. */
  sha256?(bytes: Uint8Array): Uint8Array;
}

/** A release's folder as `verify` asks for it. A method throws a `Problem` as JSON text. */
export interface ReleaseHost {
  /** JSON: `[{"path", "regular"}]`. */
  entries(): string;
  read(path: string, limit: number): Uint8Array;
  size(path: string): number;
  /** JSON: `{"size", "digest"}`. */
  measure(path: string): string;
}

export interface PlanRequest {
  packages?: List;
  formats?: List;
  platforms?: List;
  "max-legs"?: number | string;
  /** What `version = "git-tag"` stands for, as an earlier plan told it. */
  "tag-version"?: string;
  /** The tag whose push started the run, and the commit that it is on. */
  "event-tag"?: string;
  "event-commit"?: string;
  /** Whether the answer holds the whole plan as `document`. */
  whole?: boolean | string;
}

export interface PlanAnswer extends Answer {
  plan: Digest;
  matrix: { include: { leg: number; units: string[] }[] };
  legs: number;
  version: string;
  tag: string;
  "tag-version": string;
  prerelease: boolean;
  packages: string[];
  formats: Format[];
  units: { package: string; format: Format; platform?: Platform; version: string }[];
  document?: unknown;
}

export interface VersionAnswer extends Answer {
  version: string;
  tag: string;
  semver?: string;
  pep440?: string;
  image?: string;
  prerelease: boolean;
}

export interface Wheel {
  file: string;
  name: string;
  distribution: string;
  version: string;
  build?: string;
  pythons: string[];
  abis: string[];
  platforms: string[];
  tags: string[];
  "dist-info": string;
  accepted: boolean;
  "runs-on": Platform[];
}

export interface WheelParts {
  name: string;
  version: string;
  build?: string;
  pythons: List;
  abis: List;
  platforms: List;
}

export interface SbomRequest {
  file: string;
  digest?: Digest;
  version?: string;
  platform?: Platform;
  lock?: string;
  repository?: string;
  license?: string;
  epoch?: number | string;
}

export interface ProvenanceRequest {
  files?: FileDigest[];
  checksums?: string;
  repository?: string;
  tag?: string;
  version?: string;
  commit?: string;
  dirty?: boolean | string;
  epoch?: number | string;
  plan?: Digest;
  selection?: string[];
}

export interface VerifyAnswer extends Answer {
  good: boolean;
  /** There, and true, where nothing is wrong but a signature cannot be judged yet. */
  unknown?: true;
  text: string;
  manifest?: Digest;
  report: {
    version: string;
    artifacts: number;
    checks: { name: string; looked_at: number; problems: Problem[] }[];
    signer: "unsigned" | "unknown" | "key";
  };
}

/** In a browser, once before the first call: `core` for all but `sbom` and `verify`. */
export function load(name?: "core" | "verify", source?: unknown): Promise<void>;

export function plan(request: PlanRequest, tree: TreeHost): PlanAnswer;
export function guard(request: {
  event: string;
  payload?: string;
  runner?: string;
  "self-hosted"?: boolean | string;
}): Answer & { "dry-run": boolean };
export function version(
  request: ({ version: string } | { tag: string }) & { pattern?: string },
): VersionAnswer;
export function wheelName(request: { parse: { files: List } }): Answer & { wheels: Wheel[] };
export function wheelName(request: { build: WheelParts }): Answer & { file: string };
export function checksums(request: { render: { files: FileDigest[] } }): Answer & { text: string };
export function checksums(request: { parse: { text: string } }): Answer & { files: FileDigest[] };
export function checksums(request: {
  compare: { text: string; files: FileDigest[]; list?: string };
}): Answer;
export function mergeSboms(request: {
  name: string;
  documents: string[];
  epoch?: number | string;
}): Answer & { text: string; components: number };
export function provenance(request: ProvenanceRequest): Answer & { statements: string[] };
export function sbom(
  request: SbomRequest,
  bytes: Uint8Array,
): Answer & { text: string; components: number };
export function verify(
  request: { key?: string; manifest?: string },
  release: ReleaseHost,
): VerifyAnswer;

/** Problems as GitHub's workflow commands, one a line. */
export function annotations(problems: Problem[]): string;
/** The same steps of `core`, text in and text out: the very bytes that the command line prints. */
export function raw(step: string, request: string, ...values: unknown[]): string;
/** Whether an answer's problems stop the work. */
export function failed(answer: Answer): boolean;

/** In Node: the repository in a folder. */
export class Tree implements TreeHost {
  constructor(folder: string);
  find(path: string): Uint8Array;
  look(path: string): Uint8Array;
  files(): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
}

/** In Node: the release in a folder. */
export class Release implements ReleaseHost {
  constructor(folder: string);
  entries(): string;
  read(path: string, limit: number): Uint8Array;
  size(path: string): number;
  measure(path: string): string;
}
