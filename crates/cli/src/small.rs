//! The small steps, one at a time: the twins of the WASM doors.
//!
//! Arguments become the request that a door would ask; the answer is the same text. `--request`
//! takes such a request as it is.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args as ClapArgs, Subcommand};
use model::{Diagnostic, Diagnostics, Digest, Location};
use pipeline::{Failure, Folder, Source};
use serde_json::{Value, json};
use steps::Dist as _;
use steps::small::{self, Answer};

use crate::args::{Output, Select};
use crate::codes;
use crate::commands::Outcome;
use crate::{out, print};

#[derive(Debug, Subcommand)]
pub(crate) enum Small {
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
}

/// A request as machines write it.
#[derive(Debug, ClapArgs)]
pub(crate) struct Request {
    /// Answer this request (JSON; `-` reads it from stdin) instead of one made of arguments
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Matrix {
    #[command(flatten)]
    select: Select,
    #[command(flatten)]
    asked: Request,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WheelName {
    /// Names to take apart
    files: Vec<String>,
    /// The distribution's name, to make a name of
    #[arg(long, requires = "version", conflicts_with = "files")]
    name: Option<String>,
    /// Its version
    #[arg(long)]
    version: Option<String>,
    /// Its build number
    #[arg(long, default_value = "", hide_default_value = true)]
    build: String,
    /// Python tags, commas between
    #[arg(long, default_value = "py3")]
    pythons: String,
    /// ABI tags, commas between
    #[arg(long, default_value = "none")]
    abis: String,
    /// Platform tags, commas between
    #[arg(long, default_value = "any")]
    platforms: String,
    #[command(flatten)]
    asked: Request,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Checksums {
    /// Files and folders, relative to the directory; all of it unless named
    files: Vec<String>,
    /// The folder that paths start from
    #[arg(long, default_value = ".")]
    directory: PathBuf,
    /// Compare the files with this list
    #[arg(long, value_name = "LIST")]
    check: Option<PathBuf>,
    #[command(flatten)]
    asked: Request,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Sbom {
    /// The file to describe; with `--merge` the documents
    files: Vec<PathBuf>,
    /// One document of this name about what all of them describe
    #[arg(long, value_name = "NAME")]
    merge: Option<String>,
    /// The version of an executable, which does not tell it
    #[arg(long, default_value = "", hide_default_value = true)]
    version: String,
    /// The platform of an executable
    #[arg(long)]
    platform: Option<model::Platform>,
    /// A `Cargo.lock` with the checksums of crates
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// The licence, where the file says none
    #[arg(long, default_value = "", hide_default_value = true)]
    license: String,
    /// The repository's address
    #[arg(long, default_value = "", hide_default_value = true)]
    repository: String,
    /// Seconds since 1970 for the document's time
    #[arg(long, default_value = "", hide_default_value = true, env = "SOURCE_DATE_EPOCH")]
    epoch: String,
    #[command(flatten)]
    asked: Request,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Provenance {
    /// Files and folders, relative to the directory
    files: Vec<String>,
    /// The folder that paths start from
    #[arg(long, default_value = ".")]
    directory: PathBuf,
    /// A list of digests whose files are spoken about too
    #[arg(long, value_name = "LIST")]
    checksums: Option<PathBuf>,
    /// The repository's address
    #[arg(long, default_value = "", hide_default_value = true)]
    repository: String,
    /// The release's tag
    #[arg(long, default_value = "", hide_default_value = true)]
    tag: String,
    /// The release's version
    #[arg(long, default_value = "", hide_default_value = true)]
    version: String,
    /// The commit
    #[arg(long, default_value = "", hide_default_value = true)]
    commit: String,
    /// The plan's digest
    #[arg(long)]
    plan: Option<model::Digest>,
    /// SOURCE_DATE_EPOCH: seconds since 1970
    #[arg(long, default_value = "", hide_default_value = true, env = "SOURCE_DATE_EPOCH")]
    epoch: String,
    #[command(flatten)]
    asked: Request,
}

/// Runs one small step.
pub(crate) fn run(step: &Small, output: Output) -> Outcome {
    match step {
        Small::Matrix(asked) => matrix(asked, output),
        Small::WheelName(asked) => wheel_name(asked, output),
        Small::Checksums(asked) => checksums(asked, output),
        Small::Sbom(asked) => sbom(asked, output),
        Small::Provenance(asked) => provenance(asked, output),
    }
}

fn matrix(asked: &Matrix, output: Output) -> Outcome {
    let Select { dir, packages, formats, platforms, max_legs } = &asked.select;
    let source = Source::open(dir).map_err(Failure::usage)?;
    let mut request = json!({ "packages": packages, "formats": formats, "platforms": platforms });
    if let Some(legs) = max_legs {
        request["max-legs"] = json!(legs);
    }
    let answer = small::plan(&asked.asked.text(|| Ok(request))?, &source, &Digest::of);
    asked.asked.tell(&answer, output, |told| format!("{}\n", told["matrix"]))
}

fn wheel_name(asked: &WheelName, output: Output) -> Outcome {
    let request = || {
        let WheelName { name, version, build, pythons, abis, platforms, .. } = asked;
        Ok(match name {
            None => json!({ "parse": { "files": asked.files } }),
            Some(name) => json!({ "build": {
                "name": name, "version": version, "build": build,
                "pythons": pythons, "abis": abis, "platforms": platforms,
            } }),
        })
    };
    let answer = small::wheel_name(&asked.asked.text(request)?);
    asked.asked.tell(&answer, output, |told| match told["file"].as_str() {
        Some(file) => format!("{file}\n"),
        None => format!("{}\n", print::json(&told["wheels"])),
    })
}

fn checksums(asked: &Checksums, output: Output) -> Outcome {
    let request = || {
        let files = measured(&asked.directory, &asked.files, asked.check.as_deref())?;
        Ok(match &asked.check {
            Some(list) => {
                let name = list.display().to_string();
                json!({ "compare": { "text": text_of(list)?, "files": files, "list": name } })
            }
            None => json!({ "render": { "files": files } }),
        })
    };
    let answer = small::checksums(&asked.asked.text(request)?);
    asked.asked.tell(&answer, output, |told| text(&told["text"]))
}

fn sbom(asked: &Sbom, output: Output) -> Outcome {
    let answer = match &asked.merge {
        Some(name) => {
            let request = || {
                let texts: Result<Vec<String>, Failure> =
                    asked.files.iter().map(|file| text_of(file)).collect();
                Ok(json!({ "name": name, "documents": texts?, "epoch": asked.epoch }))
            };
            small::merge(&asked.asked.text(request)?)
        }
        None => {
            let [file] = asked.files.as_slice() else {
                let problem =
                    Diagnostic::new(&codes::USAGE_SBOM, "one file is described at a time");
                return Err(Failure::usage(problem.help("name one file, or `--merge` documents")));
            };
            let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
            small::describe(&asked.asked.text(|| asked.request(file))?, &bytes)
        }
    };
    asked.asked.tell(&answer, output, |told| text(&told["text"]))
}

fn provenance(asked: &Provenance, output: Output) -> Outcome {
    let request = || {
        let files = if asked.files.is_empty() {
            Vec::new()
        } else {
            measured(&asked.directory, &asked.files, None)?
        };
        let list = asked.checksums.as_deref().map(text_of).transpose()?;
        let mut request = json!({
            "files": files, "checksums": list.unwrap_or_default(),
            "repository": asked.repository, "tag": asked.tag, "version": asked.version,
            "commit": asked.commit, "epoch": asked.epoch,
        });
        if let Some(plan) = asked.plan {
            request["plan"] = json!(plan);
        }
        Ok(request)
    };
    let answer = small::provenance(&asked.asked.text(request)?);
    asked.asked.tell(&answer, output, |told| {
        told["statements"].as_array().into_iter().flatten().map(text).collect()
    })
}

impl Request {
    /// The request that was brought along, else the one that `made` makes.
    fn text(&self, made: impl FnOnce() -> Result<Value, Failure>) -> Result<String, Failure> {
        match &self.request {
            None => Ok(made()?.to_string()),
            Some(file) if file.as_os_str() == "-" => {
                let mut text = String::new();
                let read = std::io::stdin().read_to_string(&mut text);
                read.map(|_| text).map_err(|error| unreadable(file, &error))
            }
            Some(file) => text_of(file),
        }
    }

    /// Prints the answer: as it is for machines, else what `shown` makes of it.
    fn tell(
        &self,
        answer: &Answer,
        output: Output,
        shown: impl FnOnce(&Value) -> String,
    ) -> Outcome {
        if self.request.is_some() || output == Output::Json {
            out::line(&answer.json)?;
            return Ok(ExitCode::from(answer.ended as u8));
        }
        let told: Value = serde_json::from_str(&answer.json).unwrap_or_default();
        print::problems(&answer.problems, output);
        if !answer.problems.has_errors() {
            out::text(shown(&told))?;
        }
        Ok(ExitCode::from(answer.ended as u8))
    }
}

impl Sbom {
    fn request(&self, file: &Path) -> Result<Value, Failure> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let lock = self.lock.as_deref().map(text_of).transpose()?;
        let mut request = json!({
            "file": name, "version": self.version, "lock": lock.unwrap_or_default(),
            "license": self.license, "repository": self.repository, "epoch": self.epoch,
        });
        if let Some(platform) = self.platform {
            request["platform"] = json!(platform);
        }
        Ok(request)
    }
}

/// Path and digest of the files below `directory` that are named, without the list itself.
fn measured(
    directory: &Path,
    named: &[String],
    list: Option<&Path>,
) -> Result<Vec<Value>, Failure> {
    let folder = Folder::new(directory);
    let list = list.and_then(|list| list.canonicalize().ok());
    let mut paths = Vec::new();
    for name in named {
        if folder.join(name).is_dir() && name != "." {
            paths.extend(folder.files_in(name.trim_end_matches('/'))?);
        } else if name != "." {
            paths.push(name.clone());
        }
    }
    if named.is_empty() || named.iter().any(|name| name == ".") {
        paths.extend(everything(&folder)?);
    }
    paths.sort();
    paths.dedup();
    let is_list = |path: &String| list.is_some() && folder.join(path).canonicalize().ok() == list;
    let files = paths.iter().filter(|path| !is_list(path)).map(|path| {
        let (_, digest) = folder.measure(path)?;
        Ok(json!({ "path": path, "digest": digest }))
    });
    files.collect::<Result<_, Diagnostic>>().map_err(Failure::usage)
}

/// All files of a folder. What is there and no file has no digest, and is not passed over.
fn everything(folder: &Folder) -> Result<Vec<String>, Failure> {
    let entries = folder.entries()?;
    let is_folder = |path: &str| folder.join(path).symlink_metadata().is_ok_and(|it| it.is_dir());
    let others = entries.iter().filter(|entry| !entry.regular && !is_folder(&entry.path));
    let other = |entry: &steps::Entry| {
        Diagnostic::new(
            &model::codes::FILE_NOT_REGULAR,
            "is a link or no file: it has no digest of its own",
        )
        .at(Location::file(&entry.path))
        .help("take it away, or name the files that you mean")
    };
    let others = Diagnostics(others.map(other).collect());
    if !others.is_empty() {
        return Err(Failure::usage(others));
    }
    Ok(entries.into_iter().filter(|entry| entry.regular).map(|entry| entry.path).collect())
}

fn text_of(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    let place = Location::file(file.display().to_string());
    Failure::usage(
        Diagnostic::new(&model::codes::FILE_FAILED, format!("cannot read it: {error}")).at(place),
    )
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
