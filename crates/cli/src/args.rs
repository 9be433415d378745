//! The command line, as people type it.

pub(crate) mod steps;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use model::{Digest, Version};
use pipeline::Destination;
use release::FORMATS;

/// Packages a repository in four formats and releases it with its whole supply chain
#[derive(Debug, Parser)]
#[command(name = "package-actions", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Args {
    /// How results are printed on stdout
    #[arg(long, global = true, value_enum, default_value_t = Output::Table)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How much goes to stderr.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Telling {
    /// Show each command that runs, and all that it prints
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Tell errors alone
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people
    Table,
    /// For machines
    Json,
    /// For a workflow's `strategy.matrix` (`plan` only)
    Matrix,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Propose `package-actions.toml` for a repository
    Init(Init),
    /// Say what would be built
    Plan(PlanArgs),
    /// Build every unit, or one job's share of them, into `dist/`
    Build(Build),
    /// Add checksums, SBOMs, provenance and the manifest to what was built
    Seal(Seal),
    /// Plan, build, seal, sign, publish and verify
    Release(Release),
    /// Sign a sealed `dist/`, or files one by one
    Sign(Sign),
    /// Take a sealed release to its registry, index and GitHub release; run again, it goes on
    Publish(Publish),
    /// Check a release from its bytes
    Verify(Verify),
    #[command(flatten)]
    Step(steps::Step),
    /// Say what the code of a diagnostic means; without a code, list all
    Explain {
        /// The code, such as config-unknown-key
        code: Option<String>,
    },
    /// Print the JSON schema of `package-actions.toml`
    Schema,
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Run what a composite action calls, with its inputs in variables
    #[command(hide = true)]
    Action {
        /// The action's name
        name: String,
    },
    /// Print this command line's reference as Markdown
    #[command(hide = true)]
    Reference,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// The repository's folder
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Print the file instead of writing it
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write a workflow instead: release, pypi, oci, helm, binary, pull-request, nightly-verify
    #[arg(long, value_name = "NAME")]
    pub(crate) workflow: Option<String>,
    /// Let the workflow call this commit of package-actions
    #[arg(long, value_name = "COMMIT", requires = "workflow")]
    pub(crate) pin: Option<String>,
}

/// Which repository, and which part of it.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Select {
    /// The repository's folder
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Only this package (`*` stands for anything; may be repeated)
    #[arg(long = "package", value_name = "NAME")]
    pub(crate) packages: Vec<String>,
    /// Only this format: pypi, oci, helm, binary (may be repeated)
    #[arg(long = "format", value_parser = formats(), value_name = "FORMAT")]
    pub(crate) formats: Vec<model::Format>,
    /// Only this platform, such as linux-amd64 (may be repeated)
    #[arg(long = "platform", value_name = "PLATFORM")]
    pub(crate) platforms: Vec<model::Platform>,
    /// Spread the units over at most this many jobs
    #[arg(long, value_name = "N")]
    pub(crate) max_legs: Option<usize>,
    /// What `version = "git-tag"` stands for, as `plan` told it; git is asked unless given
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) tag_version: Option<Version>,
}

fn version(text: &str) -> Result<Version, model::VersionError> {
    Version::parse(text)
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) select: Select,
}

/// How to build.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct How {
    /// Write the release to this folder. Default: what `out` below `[release]` says, else `dist`
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Print the commands that would run, and run none
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Use what the cache holds and nothing else
    #[arg(long)]
    pub(crate) offline: bool,
    /// Leave out units whose own build fails
    #[arg(long)]
    pub(crate) allow_missing: bool,
    /// Build Rust even where `Cargo.lock` would have to gain or change a version
    #[arg(long)]
    pub(crate) allow_unlocked: bool,
    /// Use this program instead of the pinned one (may be repeated)
    #[arg(long = "tool", value_name = "NAME=PATH")]
    pub(crate) tools: Vec<String>,
    /// Where tools and build caches are kept
    #[arg(long, value_name = "FOLDER", env = "PACKAGE_ACTIONS_CACHE")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// How many units to build at a time
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) jobs: usize,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) select: Select,
    /// Build the units of this leg of the plan only
    #[arg(long, value_name = "N", requires = "plan")]
    pub(crate) leg: Option<usize>,
    /// Stop unless the plan has this digest
    #[arg(long, value_name = "DIGEST")]
    pub(crate) plan: Option<Digest>,
    #[command(flatten)]
    pub(crate) how: How,
}

/// What signs.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct With {
    /// `local` (a key made for this run), `key:FILE` or `env:NAME` (a PEM private key), or `none`
    #[arg(long, value_name = "WITH", default_value = "local")]
    pub(crate) sign: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Seal {
    /// The repository's folder; with `--legs`, any folder
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Merge the legs that lie in this folder as `leg-1`, `leg-2`, …
    #[arg(long, value_name = "FOLDER", requires_all = ["plan", "records"])]
    pub(crate) legs: Option<PathBuf>,
    /// The digest of the plan that the legs were built for
    #[arg(long, value_name = "DIGEST", requires = "legs")]
    pub(crate) plan: Option<Digest>,
    /// The digest of a leg's record, as `build --leg` told it (once for each leg)
    #[arg(long = "record", value_name = "N=DIGEST", requires = "legs")]
    pub(crate) records: Vec<String>,
    /// The folder of the release. Default: what `out` below `[release]` says, else `dist`
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Release {
    #[command(flatten)]
    pub(crate) select: Select,
    /// Publish into the stores below `dist/`: no account, no server
    #[arg(long)]
    pub(crate) local: bool,
    #[command(flatten)]
    pub(crate) how: How,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sign {
    /// A sealed `dist/`, or files to sign one by one
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Stop unless the `release.json` of the `dist/` has this digest
    #[arg(long, value_name = "DIGEST")]
    pub(crate) manifest: Option<Digest>,
    #[command(flatten)]
    pub(crate) with: With,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Publish {
    /// The sealed release
    pub(crate) dist: PathBuf,
    /// Stop unless its `release.json` has this digest
    #[arg(long, value_name = "DIGEST")]
    pub(crate) manifest: Option<Digest>,
    /// Only what can be taken back: images and charts by digest, a GitHub draft with its assets
    #[arg(long, conflicts_with_all = ["index", "finish"])]
    pub(crate) stage: bool,
    /// Only what can never be replaced: the Python packages
    #[arg(long, conflicts_with = "finish")]
    pub(crate) index: bool,
    /// Only what makes the rest seen: tags move, the draft is published
    #[arg(long)]
    pub(crate) finish: bool,
    /// Only these destinations
    #[arg(long, value_parser = destinations(), value_delimiter = ',', value_name = "DESTINATION")]
    pub(crate) only: Vec<String>,
    /// Ask every place, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Publish although units are missing
    #[arg(long)]
    pub(crate) allow_missing: bool,
    /// Let this tag of an image move to other bytes (may be repeated)
    #[arg(long = "move-tag", value_name = "TAG")]
    pub(crate) move_tags: Vec<String>,
    /// Ask a registry about every layer, also of images that stand: for one that lost some
    #[arg(long)]
    pub(crate) recheck: bool,
    /// The publisher's public key (PEM): refuse a release that is signed by another
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Where Python packages are uploaded; uv's own default unless given
    #[arg(long, value_name = "URL", env = "UV_PUBLISH_URL")]
    pub(crate) publish_url: Option<String>,
    /// The simple index that shows what was uploaded
    #[arg(long, value_name = "URL", env = "UV_PUBLISH_CHECK_URL")]
    pub(crate) check_url: Option<String>,
    /// Use this program instead of the pinned one (may be repeated)
    #[arg(long = "tool", value_name = "NAME=PATH")]
    pub(crate) tools: Vec<String>,
    /// Where tools are kept
    #[arg(long, value_name = "FOLDER", env = "PACKAGE_ACTIONS_CACHE")]
    pub(crate) cache_dir: Option<PathBuf>,
}

/// The words for formats.
fn formats() -> impl TypedValueParser<Value = model::Format> {
    let all = FORMATS.inspects.iter().map(|format| format.format().to_string());
    PossibleValuesParser::new(all).try_map(|word| word.parse::<model::Format>())
}

/// The words for destinations.
fn destinations() -> PossibleValuesParser {
    let all = Destination::all(FORMATS);
    PossibleValuesParser::new(all.iter().map(|destination| destination.name().to_owned()))
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Verify {
    /// A sealed `dist/`, a file with its bundle, an image (`ghcr.io/o/r:1.2.3`, `…@sha256:…`), a
    /// chart (`oci://ghcr.io/o/chart:1.2.3`), a release (`github:o/r@v1.2.3`) or what an index
    /// serves (`pypi:name==1.2.3`)
    #[arg(required = true)]
    pub(crate) subjects: Vec<PathBuf>,
    /// The publisher's public key (PEM): every signature must be by it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The bundle of a file; `FILE.sigstore.json` unless said otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: Option<PathBuf>,
    /// The signed `release.json` that lists what `pypi:` serves: a file, or `github:o/r@v1.2.3`
    #[arg(long, value_name = "MANIFEST")]
    pub(crate) manifest: Option<String>,
    /// The simple index that `pypi:` is about; else the one that uv or pip installs from
    #[arg(long, value_name = "URL", env = "UV_PUBLISH_CHECK_URL", alias = "check-index")]
    pub(crate) check_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn no_command_has_two_arguments_of_one_name() {
        fn check(command: &clap::Command) {
            let mut taken = BTreeSet::new();
            for argument in command.get_arguments() {
                let name = argument.get_long().unwrap_or(argument.get_id().as_str());
                assert!(taken.insert(name), "{} {name}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        let mut command = Args::command();
        command.build();
        check(&command);
    }
}
