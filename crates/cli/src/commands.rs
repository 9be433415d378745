//! One function a command: arguments in, the pipeline called, its answer printed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory as _;
use model::{Diagnostic, Digest};
use pipeline::Verifying;
use pipeline::{Answer, Environment, Failure, Kind, Legs, Options, Report, RetryPolicy, SignWith};
use release::{FORMATS, Selection, Tagged};
use serde::Serialize;

use crate::args::{Args, Build, Command, How, Init, Output, PlanArgs, Release, Seal, Select};
use crate::args::{Sign, Verify};
use crate::codes;
use crate::settings::{set, tag_event, tools};
use crate::work::{self, Work};
use crate::{Outcome, explain, listen, out, print, publish, reference, steps, workflow};

/// Runs what the arguments ask for.
pub(crate) fn run(args: &Args) -> Outcome {
    if args.output == Output::Matrix && !matches!(args.command, Command::Plan(_)) {
        let problem = Diagnostic::new(&codes::USAGE_OUTPUT, "only `plan` has a matrix");
        return Err(Failure::usage(problem.help("use `--output table` or `--output json`")));
    }
    match &args.command {
        Command::Init(init) => propose(init, args.output),
        Command::Plan(plan) => show_plan(plan, args.output),
        Command::Build(build) => build_units(build, args),
        Command::Seal(seal) => seal_built(seal, args),
        Command::Release(release) => release_local(release, args),
        Command::Sign(sign) => sign_files(sign, args.output),
        Command::Publish(asked) => publish::run(asked, args),
        Command::Verify(verify) => verify_release(verify, args.output),
        Command::Step(step) => steps::run(step, args.output),
        Command::Explain { code } => explain::run(code.as_deref(), args.output),
        Command::Schema => {
            out::text(release::schema())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Completions { shell } => {
            let name = "package-actions";
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), name, &mut script);
            out::text(String::from_utf8_lossy(&script))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Action { name } => {
            Ok(ExitCode::from(actions::run(name, &actions::Variables::of_process())))
        }
        Command::Reference => {
            out::text(reference::markdown(&mut Args::command()))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn propose(init: &Init, output: Output) -> Outcome {
    if let Some(name) = &init.workflow {
        return copy_workflow(init, name, output);
    }
    let proposal = pipeline::propose(&init.dir, FORMATS)?;
    if init.dry_run {
        match output {
            Output::Json => out::line(print::json(&serde_json::json!({
                "text": proposal.text,
                "notes": proposal.notes,
            })))?,
            _ => {
                proposal.notes.iter().for_each(|note| out::tell(format_args!("note: {note}")));
                out::text(proposal.text)?;
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let file = pipeline::write_proposal(&init.dir, &proposal)?;
    if output == Output::Json {
        out::line(print::json(&serde_json::json!({ "written": file })))?;
    } else {
        proposal.notes.iter().for_each(|note| out::tell(format_args!("note: {note}")));
        out::line(format_args!(
            "wrote {}; read its comments, then run `package-actions plan`",
            file.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn copy_workflow(init: &Init, name: &str, output: Output) -> Outcome {
    let text = workflow::text(name, init.pin.as_deref())?;
    if init.dry_run {
        match output {
            Output::Json => out::line(print::json(&serde_json::json!({ "text": text })))?,
            _ => out::text(text)?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let file = pipeline::write_workflow(&init.dir, name, &text)?;
    match output {
        Output::Json => out::line(print::json(&serde_json::json!({ "written": file })))?,
        _ => out::line(format_args!("wrote {}; it is yours now", file.display()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show_plan(args: &PlanArgs, output: Output) -> Outcome {
    let options = Options {
        dir: args.select.dir.clone(),
        selection: selection(&args.select),
        ..Options::default()
    };
    let planned = pipeline::plan(&options)?;
    print::problems(&planned.warnings, output);
    match output {
        Output::Json => {
            out::line(print::plan(&planned))?;
        }
        Output::Matrix => out::line(release::matrix(&planned.plan))?,
        Output::Table => {
            out::line(release::table(&planned.plan).trim_end())?;
            out::tell(format_args!("plan {}", planned.plan.digest()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn build_units(build: &Build, args: &Args) -> Outcome {
    let output = args.output;
    let options =
        Options { leg: build.leg, plan: build.plan, ..options(&build.select, &build.how)? };
    if build.how.dry_run {
        return dry_run(&options, output);
    }
    let work = Work::begin(output, args.telling);
    let built = match pipeline::build(&options, &work.progress()) {
        Ok(built) => built,
        Err(failure) => return work.stop(&failure, output),
    };
    let ended = work.end(output);
    let artifacts = built.record.artifacts.len();
    let out = build.how.out.as_ref().map(|out| format!(" --out {}", out.display()));
    let out = out.unwrap_or_default();
    match build.leg {
        _ if output == Output::Json => out::line(print::json(&built.record))?,
        Some(leg) => {
            out::tell(format_args!("built {artifacts} artifacts of leg {leg}: {ended}"));
            out::line(format_args!("{leg}={}", built.digest))?;
        }
        None => out::line(format_args!(
            "{ended}, {artifacts} artifacts; `package-actions seal{out}` makes a release"
        ))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn seal_built(seal: &Seal, args: &Args) -> Outcome {
    let output = args.output;
    let (with, listener) =
        (SignWith::parse(&seal.with.sign)?, listen::listener(output, args.telling));
    let out = seal.out.as_deref();
    let sealed = match (&seal.legs, seal.plan) {
        (Some(folder), Some(plan)) => {
            let (folder, records) = (folder.clone(), records(&seal.records)?);
            let legs = Legs { folder, plan, records, formats: FORMATS };
            pipeline::seal_legs(&seal.dir, out, &legs, &with, &listener)?
        }
        _ => pipeline::seal(&seal.dir, out, FORMATS, &with, &listener)?,
    };
    drop(listener);
    match output {
        Output::Json => out::line(print::json(&sealed.manifest))?,
        _ => out::line(print::manifest(&sealed.manifest))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn records(pairs: &[String]) -> Result<BTreeMap<usize, Digest>, Failure> {
    let mut records = BTreeMap::new();
    for text in pairs {
        let pair = text.split_once('=');
        let pair = pair.and_then(|(leg, digest)| Some((leg.parse().ok()?, digest.parse().ok()?)));
        let wrong = |why: &str| {
            let problem = Diagnostic::new(&codes::USAGE_RECORD, format!("`--record {text}` {why}"));
            Failure::usage(problem.help("write `--record 1=sha256:…`, as `build --leg 1` told it"))
        };
        let (leg, digest) = pair.ok_or_else(|| wrong("names no leg and digest"))?;
        if records.insert(leg, digest).is_some() {
            return Err(wrong("names a leg for the second time"));
        }
    }
    Ok(records)
}

fn release_local(release: &Release, args: &Args) -> Outcome {
    let output = args.output;
    if !release.local {
        let message = "`release` publishes to folders of this machine, which needs `--local`";
        let problem = Diagnostic::new(&codes::USAGE_RELEASE, message);
        let help = "type `package-actions release --local`; a release for everybody is made by a \
                    workflow, which `package-actions init --workflow release` writes";
        return Err(Failure::usage(problem.help(help)));
    }
    let options = options(&release.select, &release.how)?;
    let with = SignWith::parse(&release.with.sign)?;
    if release.how.dry_run {
        return dry_run(&options, output);
    }
    let work = Work::begin(output, args.telling);
    let released = match pipeline::release_local(&options, &with, &work.progress()) {
        Ok(released) => released,
        Err(failure) => return work.stop(&failure, output),
    };
    let ended = work.end(output);
    match output {
        Output::Json => out::line(print::json(&released))?,
        _ => {
            out::line(format_args!(
                "{}\n\n{}",
                print::manifest(&released.manifest),
                released.report
            ))?;
            let page = work::shown(&released.dist.join("report.html"));
            out::line(format_args!("{ended}; open {page} to look at it"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn dry_run(options: &Options, output: Output) -> Outcome {
    let commands = pipeline::commands(options)?;
    match output {
        Output::Json => out::line(print::json(&commands))?,
        _ => out::line(print::commands(&commands))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn sign_files(sign: &Sign, output: Output) -> Outcome {
    let written =
        pipeline::sign(&sign.files, sign.manifest, FORMATS, &SignWith::parse(&sign.with.sign)?)?;
    if output == Output::Json {
        out::line(print::json(&serde_json::json!({ "written": written })))?;
    } else {
        written.iter().try_for_each(|path| out::line(path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What verification says of one of several subjects.
#[derive(Serialize)]
struct Subject<'a> {
    subject: &'a Path,
    #[serde(flatten)]
    report: &'a Report,
}

fn verify_release(verify: &Verify, output: Output) -> Outcome {
    let policy = pipeline::policy(verify.key.as_deref())?;
    let mut reports = Vec::new();
    for subject in &verify.subjects {
        let report = pipeline::verify(&Verifying {
            formats: FORMATS,
            subject: subject.clone(),
            policy: policy.clone(),
            bundle: verify.bundle.clone(),
            manifest: verify.manifest.clone(),
            check_url: set(verify.check_url.as_ref()),
            environment: Environment::of_process(),
            retries: RetryPolicy::default(),
        })?;
        if output != Output::Json {
            print::problems(&report.problems(), output);
            out::line(&report)?;
        }
        reports.push((subject, report));
    }
    match reports.as_slice() {
        _ if output != Output::Json => {}
        [(_, report)] => out::line(print::json(report))?,
        several => {
            let each = several.iter().map(|(subject, report)| Subject { subject, report });
            let several: Vec<Subject<'_>> = each.collect();
            out::line(print::json(&several))?;
        }
    }
    let answer = reports.iter().map(|(_, report)| report.answer()).max();
    Ok(match answer.unwrap_or(Answer::Yes) {
        Answer::Yes => ExitCode::SUCCESS,
        Answer::No => ExitCode::FAILURE,
        Answer::Unknown => ExitCode::from(Kind::Unable as u8),
    })
}

fn selection(select: &Select) -> Selection {
    Selection {
        packages: select.packages.clone(),
        formats: select.formats.clone(),
        platforms: select.platforms.clone(),
        max_legs: select.max_legs,
        tagged: Tagged { version: select.tag_version.clone(), event: tag_event() },
    }
}

fn options(select: &Select, how: &How) -> Result<Options, Failure> {
    Ok(Options {
        formats: FORMATS,
        dir: select.dir.clone(),
        out: how.out.clone(),
        selection: selection(select),
        offline: how.offline,
        allow_missing: how.allow_missing,
        allow_unlocked: how.allow_unlocked,
        tools: tools(&how.tools)?,
        cache: how.cache_dir.clone(),
        jobs: how.jobs,
        ..Options::default()
    })
}
