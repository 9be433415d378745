//! How a format builds: which tools and commands, and what their outputs become. Values in, values
//! out: the caller stages sources, runs the commands and writes the files.

use std::collections::BTreeMap;

use archive::{Entry, LayerCompressor};
use model::{
    Artifact, ArtifactKind, Diagnostic, Digest, FileEntry, Format, Invocation, Package, Release,
    Tree, Unit,
};

use crate::checks::Checks;
use crate::codes;
use crate::plans::OfferKind;
use crate::product::Product;

/// The name of the container engine, which is never fetched.
pub const ENGINE: &str = "docker";

/// The folder, in the folder for outputs, that holds what a build is given of this release.
pub const GIVEN: &str = "release";

/// A format, where its units are built.
pub trait Builds: Sync {
    /// The format.
    fn format(&self) -> Format;

    /// What must be there before the commands of `job` can run; `tree` is what is built.
    fn needs(&self, job: &Job<'_>, tree: &dyn Tree) -> Needs;

    /// Whether cargo compiles for `unit`, so that what cargo says of crates is kept with it.
    fn uses_cargo(&self, unit: &Unit) -> bool {
        let _ = unit;
        false
    }

    /// The commands that build `jobs`, which are built together; none for what is packed by us.
    fn commands(
        &self,
        jobs: &[Job<'_>],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Vec<Invocation> {
        let _ = (jobs, tree, context);
        Vec::new()
    }

    /// Where `commands` holds build dependencies to the commit's time and that is not meant to be a
    /// reason to fail: what the manifest says when they are run without it
    /// ([`BuildContext::undated`]).
    fn without_date(
        &self,
        jobs: &[Job<'_>],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Option<String> {
        let _ = (jobs, tree, context);
        None
    }

    /// What `job` is packed with that the tree lacks, each fetched by a command of its own in the
    /// folder for outputs.
    fn fetches(&self, job: &Job<'_>, tree: &dyn Tree, context: &BuildContext) -> Vec<Fetch> {
        let _ = (job, tree, context);
        Vec::new()
    }

    /// Outputs that the commands leave elsewhere than in the folder for them: the name that each
    /// goes by, and its path.
    fn outputs(&self, jobs: &[Job<'_>], context: &BuildContext) -> Vec<(String, String)> {
        let _ = (jobs, context);
        Vec::new()
    }

    /// How other programs check what `job` made: `files`, which lie in `context.out` as they will
    /// in `dist/`. There are none of them yet where the checks are only shown.
    fn checks(
        &self,
        job: &Job<'_>,
        files: &[Entry],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Checks {
        let _ = (job, files, tree, context);
        Checks::default()
    }

    /// The lowest release of its compiler that the project's files ask for.
    fn demand(&self, job: &Job<'_>, tree: &dyn Tree) -> Option<Demand> {
        let _ = (job, tree);
        None
    }

    /// What a person can do about commands of `job` that failed with these words.
    fn advice(&self, job: &Job<'_>, words: &str) -> Option<String> {
        let _ = (job, words);
        None
    }

    /// Turns what the commands of `job` left, or what it needs, into its artifacts.
    ///
    /// # Errors
    /// When an output is missing, is not what its name says, or cannot be packed.
    fn finish(
        &self,
        job: &Job<'_>,
        from: Ingredients<'_>,
        compressor: &dyn LayerCompressor,
    ) -> Result<Product, Diagnostic>;

    /// What `artifact` of `package` is for other formats, where they can be built from it.
    fn offered<'p>(&self, package: &'p Package, artifact: &Artifact) -> Option<Offered<'p>> {
        let _ = (package, artifact);
        None
    }

    /// Types the spec of `package`, which was read with a plan: [`model::Specs::read`].
    fn read_spec(&self, package: &mut Package);

    /// The kinds of artifact that `unit` leaves.
    fn kinds(&self, unit: &Unit) -> &'static [ArtifactKind];

    /// Where people will find what the units of `package` leave, without a tag; empty where that is
    /// nowhere but among downloads.
    fn reference<'p>(&self, package: &'p Package) -> &'p str {
        let _ = package;
        ""
    }

    /// Whether `unit` may leave the file of an artifact where `file` is.
    fn may_leave(&self, unit: &Unit, file: &FileEntry) -> bool {
        unit.files.iter().any(|pattern| is_planned(pattern, &file.path))
    }

    /// Whether `unit` may leave `file` as one that belongs to `artifact`.
    fn may_add(&self, unit: &Unit, artifact: &Artifact, file: &FileEntry) -> bool {
        let _ = (unit, artifact, file);
        false
    }

    /// Whether `artifacts` are as many as `unit` leaves: one for each of its files.
    fn is_all(&self, unit: &Unit, artifacts: &[&Artifact]) -> bool {
        let fitting = |pattern: &String| {
            artifacts.iter().filter(|artifact| is_planned(pattern, &artifact.file.path)).count()
        };
        artifacts.len() == unit.files.len()
            && unit.files.iter().all(|pattern| fitting(pattern) == 1)
    }
}

/// Whether `path` is one that `pattern` allows. A star stands for a part of a file's name, never
/// for a folder.
fn is_planned(pattern: &str, path: &str) -> bool {
    crate::fits(pattern, path) && pattern.matches('/').count() == path.matches('/').count()
}

impl dyn Builds {
    /// The one of `table` for `format`.
    ///
    /// # Errors
    /// `format-unknown` when it holds none.
    pub fn of<'f>(table: &[&'f dyn Builds], format: Format) -> Result<&'f dyn Builds, Diagnostic> {
        let found = table.iter().copied().find(|one| one.format() == format);
        found.ok_or_else(|| codes::unknown(format))
    }
}

/// What an artifact is for other formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered<'p> {
    /// What it is.
    pub kind: OfferKind,
    /// What it is called where it is installed.
    pub name: &'p str,
}

/// A unit to build.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Its package.
    pub package: &'a Package,
    /// The release.
    pub release: &'a Release,
}

/// What must be there before a unit's commands can run, and how they run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Tools, by the names of `tools`' table; `python` and [`ENGINE`] are the machine's own.
    pub tools: Vec<&'static str>,
    /// Whether the tools check only: without them the unit is built all the same.
    pub only_to_check: bool,
    /// Whether commands run in a staged copy of the tree.
    pub staged: bool,
    /// The folder of the tree that its project lies in; `.` for the whole tree.
    pub project: String,
    /// Whether its build takes all that lies in that folder, other projects included.
    pub sweeps: bool,
    /// Whether the tools write the state of the repository into what they build. Then no other kind
    /// of build may leave files in the copy.
    pub stamps: bool,
    /// Tags that the copy's repository has besides the release's: those by which the tools know the
    /// version of a project in a folder of the tree, such as `servers/time/v1.2.3`.
    pub tags: Vec<String>,
    /// Whether [`Builds::finish`] is given the project's own files.
    pub sources: bool,
    /// Further folders of the tree whose files it is given then.
    pub folders: Vec<String>,
    /// What cargo is to build, where it is cargo that builds.
    pub cargo: Option<CargoJob>,
    /// Whether the artifacts that it needs are put into the folder [`GIVEN`], rather than handed to
    /// [`Builds::finish`].
    pub given: bool,
    /// Whether the folder holds the repository, where [`Needs::given`] leaves it out.
    pub git: bool,
    /// Names of the environment variables whose values the container engine may read.
    pub secrets: Vec<String>,
    /// Data that [`Builds::finish`] is given, by the names of `tools`' table.
    pub data: Vec<&'static str>,
    /// Files and folders of the tree that [`Builds::finish`] is given.
    pub files: Vec<String>,
}

/// What cargo builds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CargoJob {
    /// The folder of the tree from which the toolchain and `Cargo.lock` are looked for.
    pub project: String,
    /// The folder of the tree with the crate's `Cargo.toml`.
    pub folder: String,
    /// Targets whose libraries are needed.
    pub targets: Vec<&'static str>,
    /// The target whose dependencies are asked for.
    pub target: &'static str,
    /// The package's own variables, which tell its builds from others of the same workspace.
    pub env: BTreeMap<String, String>,
    /// Features of the crate that are asked for, which tell its builds from others as well.
    pub features: Vec<String>,
    /// Whether the crate's default features are left out.
    pub no_default_features: bool,
}

/// A release of a compiler that a project asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The compiler: `go`, or `rust`.
    pub compiler: &'static str,
    /// The lowest release, such as `1.24`.
    pub release: String,
    /// The file that says so.
    pub file: String,
}

/// Where a job is done, as text for commands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildContext {
    /// The staged copy of the tree.
    pub tree: String,
    /// The folder that outputs land in.
    pub out: String,
    /// A folder for what tools would keep in the person's home; it need not exist.
    pub home: String,
    /// Cargo's target folder.
    pub target: String,
    /// Path of each tool by its name, `cargo` included.
    pub tools: BTreeMap<String, String>,
    /// Variables of the build, by tool family: `uv`, `cargo`, `go`, `zig`.
    pub env: BTreeMap<String, BTreeMap<String, String>>,
    /// `SOURCE_DATE_EPOCH`.
    pub epoch: u64,
    /// The commit; empty without git.
    pub commit: String,
    /// The staged folder of the crate that is built; empty where there is no Rust.
    pub crate_folder: String,
    /// Ask nobody: take what caches have.
    pub offline: bool,
    /// Do not hold build dependencies to the commit's time by default.
    pub undated: bool,
}

impl BuildContext {
    /// The path of a tool, or its name where it is not known yet.
    #[must_use]
    pub fn tool(&self, name: &str) -> String {
        let plain = if name == "python" { "python3" } else { name };
        self.tools.get(name).cloned().unwrap_or_else(|| plain.to_owned())
    }

    /// The variables of a tool family.
    #[must_use]
    pub fn variables(&self, family: &str) -> BTreeMap<String, String> {
        self.env.get(family).cloned().unwrap_or_default()
    }
}

/// What a unit's artifacts are made from.
#[derive(Debug, Default)]
pub struct Ingredients<'a> {
    /// What the commands left in the out folder.
    pub outputs: Vec<Entry>,
    /// The project's own files, where [`Needs::sources`] asks for them.
    pub sources: Vec<Entry>,
    /// The files of [`Needs::folders`].
    pub folders: BTreeMap<String, Vec<Entry>>,
    /// What [`Builds::fetches`] asks for.
    pub fetched: Vec<FetchedFile>,
    /// The data that [`Needs::data`] names, in that order.
    pub data: Vec<Data>,
    /// What [`Needs::files`] names, by that path: of a file, one entry without a path; of a folder,
    /// all below it.
    pub files: BTreeMap<String, Vec<Entry>>,
    /// Artifacts of the units it needs.
    pub needed: Vec<Needed<'a>>,
    /// `SOURCE_DATE_EPOCH`.
    pub epoch: u64,
    /// The commit, for annotations; empty without git.
    pub commit: String,
}

/// A file of others that a unit is packed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Its name in the provenance: a package URL with its version and where it is from.
    pub uri: String,
    /// The command that fetches it.
    pub command: Invocation,
    /// The folder that the command leaves it in as the only file, below the one for outputs.
    pub folder: String,
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFile {
    /// Its name in the provenance.
    pub uri: String,
    /// What its bytes hash to.
    pub digest: Digest,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Data that was fetched by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Its name in `tools`' table.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The digest of the download.
    pub digest: Digest,
    /// Its files, sorted by path.
    pub files: Vec<Entry>,
}

/// An artifact that a unit needs.
#[derive(Debug)]
pub struct Needed<'a> {
    /// The artifact.
    pub artifact: &'a Artifact,
    /// What it is for others.
    pub offered: Option<Offered<'a>>,
    /// All of its files by path in `dist/`; empty where the unit's build was given them.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// `path` below `folder`, where `.` names a folder itself.
#[must_use]
pub fn below(folder: &str, path: &str) -> String {
    match (folder, path) {
        (folder, ".") => folder.to_owned(),
        (".", path) => path.to_owned(),
        _ => format!("{folder}/{path}"),
    }
}
