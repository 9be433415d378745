//! The steps of `api`, as people type them.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::Select;

#[derive(Debug, Subcommand)]
pub(crate) enum Step {
    /// Print a plan's jobs for a workflow's `strategy.matrix`
    Matrix(Matrix),
    /// Take names of wheels apart, or make one
    WheelName(WheelName),
    /// Print the digests of files as `sha256sum` reads them, or compare files with such a list
    Checksums(Checksums),
    /// Describe a wheel, sdist, chart or executable as SPDX, or merge such documents
    Sbom(Sbom),
    /// Print statements with SLSA provenance about files, not signed
    Provenance(Provenance),
    /// Say what a Python index would refuse of wheels and sdists; exit code 1 when there is any
    Lint(Lint),
}

/// A request as machines write it.
#[derive(Debug, ClapArgs)]
pub(crate) struct Request {
    /// Answer this request (JSON; `-` reads it from stdin) instead of one made of arguments
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) select: Select,
    #[command(flatten)]
    pub(crate) request: Request,
}

#[derive(Debug, ClapArgs)]
#[command(disable_version_flag = true)]
pub(crate) struct WheelName {
    /// Names to take apart
    pub(crate) files: Vec<String>,
    /// The distribution's name, to make a name of
    #[arg(long, requires = "version", conflicts_with = "files")]
    pub(crate) name: Option<String>,
    /// Its version
    #[arg(long)]
    pub(crate) version: Option<String>,
    /// Its build number
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) build: String,
    /// Python tags, commas between
    #[arg(long, default_value = "py3")]
    pub(crate) pythons: String,
    /// ABI tags, commas between
    #[arg(long, default_value = "none")]
    pub(crate) abis: String,
    /// Platform tags, commas between
    #[arg(long, default_value = "any")]
    pub(crate) platforms: String,
    #[command(flatten)]
    pub(crate) request: Request,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Checksums {
    /// Files and folders, relative to the directory; all of it unless named. With `--check`: what
    /// must be on the list, whose other lines are ignored
    pub(crate) files: Vec<String>,
    /// The folder that paths start from
    #[arg(long, default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Compare files with this list, as `sha256sum --check` does (`-`: read it from stdin)
    #[arg(long, value_name = "LIST")]
    pub(crate) check: Option<PathBuf>,
    /// With `--check`: every line must be a checksum, and every file must be on the list
    #[arg(long, requires = "check")]
    pub(crate) strict: bool,
    /// With `--check`: pass over listed files that are not there, if any is
    #[arg(long, requires = "check", conflicts_with_all = ["strict", "files"])]
    pub(crate) ignore_missing: bool,
    #[command(flatten)]
    pub(crate) request: Request,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Lint {
    /// Wheels and source distributions, called as an index would have them
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(disable_version_flag = true)]
pub(crate) struct Sbom {
    /// The file to describe; with `--merge` the documents
    pub(crate) files: Vec<PathBuf>,
    /// One document of this name about what all of them describe
    #[arg(long, value_name = "NAME")]
    pub(crate) merge: Option<String>,
    /// The version of an executable, which does not tell it
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) version: String,
    /// The platform of an executable
    #[arg(long)]
    pub(crate) platform: Option<model::Platform>,
    /// A `Cargo.lock` with the checksums of crates
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// The licence, where the file says none
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) license: String,
    /// The repository's address
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) repository: String,
    /// Seconds since 1970 for the document's time
    #[arg(long, default_value = "", hide_default_value = true, env = "SOURCE_DATE_EPOCH")]
    pub(crate) epoch: String,
    #[command(flatten)]
    pub(crate) request: Request,
}

#[derive(Debug, ClapArgs)]
#[command(disable_version_flag = true)]
pub(crate) struct Provenance {
    /// Files and folders, relative to the directory
    pub(crate) files: Vec<String>,
    /// The folder that paths start from
    #[arg(long, default_value = ".")]
    pub(crate) directory: PathBuf,
    /// A list of digests whose files are spoken about too
    #[arg(long, value_name = "LIST")]
    pub(crate) checksums: Option<PathBuf>,
    /// The repository's address
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) repository: String,
    /// The release's tag
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) tag: String,
    /// The release's version
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) version: String,
    /// The commit
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) commit: String,
    /// The plan's digest
    #[arg(long)]
    pub(crate) plan: Option<model::Digest>,
    /// SOURCE_DATE_EPOCH: seconds since 1970
    #[arg(long, default_value = "", hide_default_value = true, env = "SOURCE_DATE_EPOCH")]
    pub(crate) epoch: String,
    #[command(flatten)]
    pub(crate) request: Request,
}
