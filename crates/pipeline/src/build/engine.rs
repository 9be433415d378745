//! Builds by a container engine: what of this release it is given, and the secrets it may read.

use std::env;
use std::fs;

use format::OfferKind;
use model::{Artifact, Diagnostic, Invocation};
use tools::RunError;

use super::job::Builder;
use super::outcome::Stop;
use crate::codes;
use crate::disk;
use crate::stage::{self, Scratch};

impl Builder<'_> {
    /// Puts what others may build from among `needed` into the folder that a build finds it in.
    pub(super) fn hand_in(&self, needed: &[Artifact], out: &Scratch) -> Result<(), Diagnostic> {
        let folder = out.path().join(format::GIVEN);
        fs::create_dir_all(&folder).map_err(|error| disk::cannot("make", &folder, &error))?;
        for artifact in needed {
            let Some(offered) = self.offered(artifact) else { continue };
            let path = artifact.file.path.as_str();
            let (from, to) =
                (self.dist.join(path), folder.join(path.rsplit('/').next().unwrap_or(path)));
            let executable = offered.kind == OfferKind::Executable;
            stage::put(&from, &to, executable, self.source.facts().epoch)?;
        }
        Ok(())
    }

    /// Runs a command of the engine's client with the secrets that the build may read.
    pub(super) fn ask_engine(&self, names: &[String], command: &Invocation) -> Result<(), Stop> {
        let mut secrets = Vec::new();
        for name in names {
            let value = env::var(name).map_err(|_| Stop::Failed(no_secret(name)))?;
            secrets.push((name.as_str(), value));
        }
        let given: Vec<(&str, &str)> =
            secrets.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match self.toolbox.run_engine(command, &given) {
            Ok(_) => Ok(()),
            Err(error) => Err(Stop::Failed(refused(&error, command, &given))),
        }
    }
}

/// What the engine said, without the secrets that a step may have printed.
fn refused(error: &RunError, command: &Invocation, secrets: &[(&str, &str)]) -> Diagnostic {
    let mut words = error.reason(command);
    let mut lines: Vec<&str> = secrets.iter().flat_map(|(_, value)| value.lines()).collect();
    // The longest first: one may be a part of another.
    lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
    for line in lines.into_iter().filter(|line| !line.trim().is_empty()) {
        words = words.replace(line, "***");
    }
    let no_emulator = words.contains("exec format error");
    let problem = Diagnostic::new(&tools::codes::COMMAND_FAILED, words);
    if no_emulator { problem.help(NO_EMULATOR) } else { problem }
}

/// For a step of another processor than the engine's.
const NO_EMULATOR: &str = "this engine runs no programs of that platform: set up QEMU for it, \
                           or build the platform's leg on a machine of its kind";

fn no_secret(name: &str) -> Diagnostic {
    let message = format!("its build reads the secret `{name}`, and no such variable is set");
    Diagnostic::new(&codes::SECRET_MISSING, message)
        .help("set the environment variable of that name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_that_a_step_printed_is_told() {
        let command = Invocation::new("docker", ["buildx", "build"]);
        let tail = "0.1 got hunter22\n0.2 hunter2\nERROR: failed: second".to_owned();
        let (line, status) = (command.shell_line(), "exit status: 1".to_owned());
        let error = RunError::Failed { line, status, code: Some(1), tail };
        let secrets = [("A", "hunter2"), ("B", "hunter22\nsecond"), ("C", "\n")];
        let found = refused(&error, &command, &secrets).message;
        let expected = "`docker buildx build` failed (exit status: 1):\nERROR: failed: ***";
        assert!(found.ends_with("ERROR: failed: ***"), "{found}");
        assert!(!found.contains("hunter") && found.len() >= expected.len(), "{found}");
    }
}
