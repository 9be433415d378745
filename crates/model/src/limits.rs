//! Every limit, with its reason.

/// Packages in one file: the design's upper end; a plan of that size stays under GitHub's 1 MB of
/// output a job.
pub const MAX_PACKAGES: usize = 1_000;

/// Characters in a package's name: a wheel's file name with three tags still fits 255 bytes.
pub const MAX_NAME_CHARS: usize = 128;

/// Bytes of `package-actions.toml`: a thousand packages of ten lines are under half of it.
pub const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// Bytes of one manifest of the tree (`pyproject.toml`, `Cargo.lock`, `Chart.yaml`, …); the
/// largest lockfiles seen in the field are about 2 MB.
pub const MAX_TEXT_BYTES: u64 = 16 << 20;

/// Bytes of a JSON document that `verify` reads (`release.json`, an SBOM, a bundle, an OCI
/// manifest). GitHub refuses predicates above 16 MiB; registries refuse manifests above 4 MiB.
pub const MAX_JSON_BYTES: u64 = 64 << 20;

/// Entries in one archive; the largest wheels on the public index hold about 30,000.
pub const MAX_ARCHIVE_ENTRIES: usize = 200_000;

/// Unpacked bytes of one archive that is read into memory or walked through.
pub const MAX_UNPACKED_BYTES: u64 = 4 << 30;

/// Unpacked size over packed size above which an archive of more than
/// [`RATIO_CHECK_FROM_BYTES`] is called a bomb. The public Python index uses the same pair.
pub const MAX_UNPACK_RATIO: u64 = 50;

/// Unpacked bytes from which [`MAX_UNPACK_RATIO`] is looked at.
pub const RATIO_CHECK_FROM_BYTES: u64 = 64 << 20;

/// Legs of a plan unless the caller says otherwise.
pub const DEFAULT_LEGS: usize = 16;

/// Legs at most: a workflow run holds 256 jobs, and each leg may stand in several zones.
pub const MAX_LEGS: usize = 64;

/// Assets of one GitHub release.
pub const MAX_RELEASE_ASSETS: usize = 1_000;

/// Assets above which a release offers less than everything as a download: what is left to
/// [`MAX_RELEASE_ASSETS`] is room for what people attach by hand.
pub const COMFORTABLE_RELEASE_ASSETS: usize = 900;

/// Subjects of one attestation (GitHub's own limit).
pub const MAX_STATEMENT_SUBJECTS: usize = 1_024;

/// Bytes that reading any artifact may cost, however small it is: with the program itself and the
/// copies that nobody counts, a process stays below 64 MiB. The largest `values.yaml` seen (20,000
/// nodes) takes 2 MiB, the densest lock file seen (7,000 crates) about 30.
pub const BUDGET_FLOOR_BYTES: u64 = 48 << 20;

/// Bytes that reading an artifact may cost for each of its own: its text, the values read from it
/// and the order they are sorted into are about three copies.
pub const BUDGET_FACTOR: u64 = 4;

/// Bytes of the budget that what an archive unpacks to may take, so that 4 MiB and 4 times the
/// archive are left for reading it. Lists of many files hold as many hashes, which do not compress:
/// those of the largest wheels (30,000 files) take 6 MiB of 18.
pub const BUDGET_FOR_CONTENT_BYTES: u64 = 44 << 20;

/// Findings of one kind that are told; nobody reads more, and the number of the others is given.
pub const MAX_FINDINGS_OF_A_KIND: usize = 100;
