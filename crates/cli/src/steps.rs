//! The steps of `api`, one at a time: what the WASM actions do, on the command line.
//!
//! Arguments become the request that an action would make; the answer is the same JSON. `--request`
//! takes such a request as JSON.

mod files;
mod lint;
mod request;

use std::path::Path;

use api::checksums::Scope;
use api::{checksums, plan, provenance, sbom, wheel_name};
use model::{Diagnostic, Digest};
use pipeline::{Failure, Source};

use crate::args::steps::{Checksums, Matrix, Provenance, Sbom, Step, WheelName};
use crate::args::{Output, Select};
use crate::codes;
use crate::settings::tag_event;
use crate::{Outcome, print};
use files::{measured, present, stdin_text, text_of, unreadable};

/// Runs one step.
pub(crate) fn run(step: &Step, output: Output) -> Outcome {
    match step {
        Step::Matrix(args) => matrix(args, output),
        Step::WheelName(args) => names(args, output),
        Step::Checksums(args) => digests(args, output),
        Step::Sbom(args) => match &args.merge {
            Some(name) => merged(args, name, output),
            None => described(args, output),
        },
        Step::Provenance(args) => statements(args, output),
        Step::Lint(args) => lint::run(args, output),
    }
}

fn matrix(args: &Matrix, output: Output) -> Outcome {
    let Select { dir, packages, formats, platforms, max_legs, tag_version } = &args.select;
    let source = Source::open(dir).map_err(Failure::usage)?;
    let request = args.request.or_from(|| {
        let event = tag_event().unwrap_or_default();
        Ok(plan::Request {
            tag_version: tag_version.clone().map(String::from).unwrap_or_default(),
            event_tag: event.tag,
            event_commit: event.commit,
            packages: packages.clone().into(),
            formats: formats.clone().into(),
            platforms: platforms.clone().into(),
            max_legs: max_legs.map(|legs| legs as u64).into(),
            ..plan::Request::default()
        })
    })?;
    let outcome = request.and_then(|request| api::plan(request, &source, &Digest::of));
    args.request.print(&outcome, output, |answer| format!("{}\n", answer.matrix))
}

fn names(args: &WheelName, output: Output) -> Outcome {
    let request = args.request.or_from(|| {
        let WheelName { name, version, build, pythons, abis, platforms, .. } = args;
        Ok(match name {
            None => wheel_name::Request::Parse { files: args.files.clone().into() },
            Some(name) => wheel_name::Request::Build(wheel_name::Parts {
                name: name.clone(),
                version: version.clone().unwrap_or_default(),
                build: build.clone(),
                pythons: pythons.as_str().into(),
                abis: abis.as_str().into(),
                platforms: platforms.as_str().into(),
            }),
        })
    })?;
    let outcome = request.and_then(api::wheel_name);
    args.request.print(&outcome, output, |answer| match answer {
        wheel_name::Answer::Built { file } => format!("{file}\n"),
        // By way of a value, which sorts the keys.
        wheel_name::Answer::Parsed { wheels } => {
            format!("{}\n", print::json(&serde_json::json!(wheels)))
        }
    })
}

fn digests(args: &Checksums, output: Output) -> Outcome {
    let request = args.request.or_from(|| match &args.check {
        Some(list) => comparison(args, list),
        None => {
            let files = measured(&args.directory, &args.files, None)?;
            Ok(checksums::Request::Render { files })
        }
    })?;
    let outcome = request.and_then(api::checksums);
    args.request.print(&outcome, output, |answer| match answer {
        checksums::Answer::Rendered { text } => text.clone(),
        checksums::Answer::Parsed { .. } | checksums::Answer::Compared {} => String::new(),
    })
}

/// The list at `path` and the files that it is compared with. Whatever fails is an answer, 1, as it
/// is for `sha256sum --check`.
fn comparison(args: &Checksums, path: &Path) -> Result<checksums::Request, Failure> {
    let stdin = path.as_os_str() == "-";
    let text = if stdin { stdin_text(path) } else { text_of(path) };
    let text = text.map_err(|failure| Failure::no(failure.problems))?;
    let scope = match (args.strict, args.files.is_empty()) {
        (true, _) => Scope::Both,
        (false, true) => Scope::Listed,
        (false, false) => Scope::Given,
    };
    let files = if scope == Scope::Listed {
        present(&args.directory, &text)?
    } else {
        measured(&args.directory, &args.files, Some(path))?
    };
    // When none is there, every one of them is told as missing: nothing was checked.
    let scope = if args.ignore_missing && !files.is_empty() { Scope::Given } else { scope };
    Ok(checksums::Request::Compare { text, files, list: path.display().to_string(), scope })
}

fn merged(args: &Sbom, name: &str, output: Output) -> Outcome {
    let request = args.request.or_from(|| {
        let documents = args.files.iter().map(|file| text_of(file)).collect::<Result<_, _>>()?;
        let (name, epoch) = (name.to_owned(), args.epoch.as_str().into());
        Ok(sbom::Merge { name, documents, epoch })
    })?;
    let outcome = request.and_then(api::merge);
    args.request.print(&outcome, output, |answer| answer.text.clone())
}

fn described(args: &Sbom, output: Output) -> Outcome {
    let [file] = args.files.as_slice() else {
        let problem = Diagnostic::new(&codes::USAGE_SBOM, "one file is described at a time");
        return Err(Failure::usage(problem.help("name one file, or `--merge` documents")));
    };
    let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let request = args.request.or_from(|| {
        Ok(sbom::Request {
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            digest: None,
            version: args.version.clone(),
            platform: args.platform,
            lock: args.lock.as_deref().map(text_of).transpose()?.unwrap_or_default(),
            repository: args.repository.clone(),
            license: args.license.clone(),
            epoch: args.epoch.as_str().into(),
        })
    })?;
    let outcome = request.and_then(|request| api::sbom(request, &bytes));
    args.request.print(&outcome, output, |answer| answer.text.clone())
}

fn statements(args: &Provenance, output: Output) -> Outcome {
    let request = args.request.or_from(|| {
        let files = match args.files.as_slice() {
            [] => Vec::new(),
            named => measured(&args.directory, named, None)?,
        };
        Ok(provenance::Request {
            files,
            checksums: args.checksums.as_deref().map(text_of).transpose()?.unwrap_or_default(),
            repository: args.repository.clone(),
            tag: args.tag.clone(),
            version: args.version.clone(),
            commit: args.commit.clone(),
            epoch: args.epoch.as_str().into(),
            plan: args.plan,
            ..provenance::Request::default()
        })
    })?;
    let outcome = request.and_then(api::provenance);
    args.request.print(&outcome, output, |answer| answer.statements.concat())
}
