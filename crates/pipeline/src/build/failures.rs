//! What was not built, and why: each cause once, with the units that it concerns.

use format::below;
use model::{Class, Diagnostic, Location, Plan, Platform, Unit, UnitId, UnitRecord, UnitStatus};

use crate::codes;
use crate::options::{Failure, Kind};
use crate::source::Source;

/// The causes of failures among a build's units.
pub(super) struct Failures {
    kind: Kind,
    causes: Vec<Diagnostic>,
}

impl Failures {
    /// Puts together what `failed`, which is in the plan's order.
    pub(super) fn of(failed: Vec<(UnitId, Diagnostic)>, plan: &Plan, source: &Source) -> Self {
        let kind = failed.iter().map(|(_, problem)| kind(problem, source)).max();
        let failed = failed.into_iter().map(|(unit, problem)| (vec![unit], problem)).collect();
        let causes = once(failed).into_iter().map(|problem| cause(problem, plan));
        Self { kind: kind.unwrap_or(Kind::No), causes: causes.collect() }
    }

    /// The causes, each an error.
    pub(super) fn causes(&self) -> &[Diagnostic] {
        &self.causes
    }

    /// That something failed, where it did.
    pub(super) fn failure(self) -> Result<(), Failure> {
        if self.causes.is_empty() {
            return Ok(());
        }
        Err(Failure { kind: self.kind, problems: model::Diagnostics(self.causes) })
    }
}

/// What each of `problems` is about, once, also where it is about several platforms.
pub(super) fn once(problems: Vec<(Vec<UnitId>, Diagnostic)>) -> Vec<Diagnostic> {
    let mut causes: Vec<(String, Diagnostic, Vec<UnitId>)> = Vec::new();
    for (units, problem) in problems {
        let key = without_platforms(&problem);
        match causes.iter_mut().find(|(known, ..)| *known == key) {
            Some((.., all)) => all.extend(units),
            None => causes.push((key, problem, units)),
        }
    }
    causes.into_iter().map(|(_, problem, units)| problem.of_units(units)).collect()
}

/// What a unit's problem means to the caller.
fn kind(problem: &Diagnostic, source: &Source) -> Kind {
    let file = problem.location.as_ref().map(|location| source.file(&location.file));
    match problem.code.class {
        Class::Usage => Kind::Usage,
        _ if *problem.code == codes::LOCK_MISSING => Kind::Usage,
        _ if *problem.code == codes::CHECK_REFUSED => Kind::No,
        // A file of the tree is to blame.
        Class::Invalid if matches!(file, Some(Ok(Some(_)))) => Kind::No,
        _ => Kind::Unable,
    }
}

/// One problem of several units. Help that would be about each of them is for none if it is about
/// all that their package has: then the platform is not the cause.
fn cause(problem: Diagnostic, plan: &Plan) -> Diagnostic {
    let units = problem.context.as_ref().map(|context| context.units.clone()).unwrap_or_default();
    let message = match units.as_slice() {
        [first, _, ..] => {
            format!("{} units failed, such as `{first}`: {}", units.len(), problem.message)
        }
        [unit] => format!("`{unit}` failed: {}", problem.message),
        [] => problem.message.clone(),
    };
    let of = |id: &UnitId| plan.units.iter().find(|unit| unit.id == *id);
    let siblings = |unit: &Unit| {
        let same = |other: &&Unit| (&other.package, other.format) == (&unit.package, unit.format);
        plan.units.iter().filter(same).count()
    };
    let is_all = units.len() > 1
        && units.first().and_then(of).is_some_and(|unit| siblings(unit) == units.len());
    let help = problem.help.clone().filter(|help| !(is_all && help.contains("platforms")));
    Diagnostic { message, help, ..problem }
}

/// What a problem says, whatever platform it says it of. Only whole names of platforms and targets
/// are left out: `undefined: linuxOnly` and `undefined: windowsOnly` are two causes.
fn without_platforms(problem: &Diagnostic) -> String {
    let mut text = format!("{} ", problem.code);
    // An executable's ending goes with the platform's name.
    let message = Platform::ALL.iter().fold(problem.message.clone(), |message, platform| {
        let name = platform.as_str();
        message.replace(&format!("{name}.exe"), "*").replace(name, "*")
    });
    for word in message.split_inclusive(|c: char| !(c.is_alphanumeric() || "_-".contains(c))) {
        let target = ["x86_64-", "aarch64-"].iter().find(|start| word.starts_with(*start));
        text.push_str(if target.is_some() { "*" } else { word });
    }
    text
}

/// That nothing at all was built, which is no success.
pub(super) fn nothing_built(units: &[UnitRecord]) -> Result<(), Failure> {
    let built = units.iter().filter(|unit| unit.status == UnitStatus::Built).count();
    if built > 0 || units.is_empty() {
        return Ok(());
    }
    let mut reasons: Vec<&str> = Vec::new();
    for unit in units.iter().filter(|unit| unit.status == UnitStatus::NotBuilt) {
        let first = unit.reason.lines().next().unwrap_or_default();
        if !reasons.contains(&first) && !release::is_missing_need(first) {
            reasons.push(first);
        }
    }
    let failed = units.iter().filter(|unit| unit.status == UnitStatus::Failed).count();
    let failed = (failed > 0).then(|| format!("{failed} failed"));
    let reasons: Vec<&str> = failed.as_deref().into_iter().chain(reasons).collect();
    let message = format!("0 of {} units were built: {}", units.len(), reasons.join("; "));
    let ids = units.iter().map(|unit| unit.id.clone()).collect();
    let problem = Diagnostic::new(&codes::NOTHING_BUILT, message).of_units(ids);
    let help =
        if reasons.iter().any(|reason| ["engine", "docker"].iter().any(|it| reason.contains(it))) {
            "start a container engine, or leave images out with `--format`"
        } else {
            "build on a machine that has what is missing"
        };
    Err(problem.help(help).into())
}

/// The first place in a file of the tree that `words` name, as compilers do: `FILE:LINE:COLUMN`,
/// with `FILE` relative to `folder`.
pub(super) fn place(words: &str, folder: &str, source: &Source) -> Option<Location> {
    let location = |word: &str| {
        let word = word.trim_matches(|c: char| !(c.is_alphanumeric() || "._/-".contains(c)));
        let mut parts = word.splitn(4, ':');
        let (file, line) = (parts.next()?, parts.next()?.parse().ok()?);
        let column = parts.next().and_then(|column| column.parse().ok()).unwrap_or_default();
        let file = file.trim_start_matches("./");
        // Helm names files below the chart's name.
        let inner = file.split_once('/').map(|(_, inner)| inner);
        let mut files = [Some(file), inner].into_iter().flatten().map(|file| below(folder, file));
        let file = files.find(|file| matches!(source.file(file), Ok(Some(_))))?;
        Some(Location { file, line, column })
    };
    words.split_whitespace().find_map(location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cause_is_one_whatever_the_platform() {
        let check = |a: &str, b: &str, same: bool| {
            let key = |text: &str| without_platforms(&Diagnostic::new(&codes::NOTHING_BUILT, text));
            assert_eq!(key(a) == key(b), same, "{a} / {b}");
        };
        check(
            "`go -o …/a-linux-amd64` failed:\nno",
            "`go -o …/a-windows-amd64.exe` failed:\nno",
            true,
        );
        check("target/x86_64-unknown-linux-musl/a", "target/aarch64-apple-darwin/a", true);
        check("`go` failed:\nundefined: linuxOnly", "`go` failed:\nundefined: windowsOnly", false);
        check("for aarch64-unknown-linux-gnu", "for x86_64-unknown-linux-gnu", true);
        check("`go` failed:\nno", "`go` failed:\nyes", false);
    }

    #[test]
    fn a_build_of_nothing_says_why() {
        let unit = |id: &str, status, reason: &str| UnitRecord {
            id: UnitId(id.to_owned()),
            status,
            reason: reason.to_owned(),
        };
        let missing = release::need_is_missing(&UnitId("a/binary".to_owned()));
        let mut units = vec![
            unit("a/oci", UnitStatus::NotBuilt, "there is no `docker` on this machine"),
            unit("b/oci", UnitStatus::NotBuilt, "there is no `docker` on this machine"),
            unit("c/oci", UnitStatus::NotBuilt, &missing),
        ];
        let failure = nothing_built(&units).unwrap_err();
        let expected = "0 of 3 units were built: there is no `docker` on this machine";
        assert_eq!(failure.problems.0[0].message, expected);
        assert_eq!(failure.kind, Kind::Unable);
        units.push(unit("d/helm", UnitStatus::Built, ""));
        assert_eq!(nothing_built(&units), Ok(()));
        assert_eq!(nothing_built(&[]), Ok(()));
    }
}
