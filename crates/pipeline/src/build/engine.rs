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
            Err(error) => Err(Stop::Failed(refused(&error, command))),
        }
    }
}

/// What the engine said.
fn refused(error: &RunError, command: &Invocation) -> Diagnostic {
    let words = error.reason(command);
    let no_emulator = words.contains("exec format error");
    let problem = Diagnostic::new(&tools::codes::COMMAND_FAILED, words);
    let problem = error.with_context(problem);
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
