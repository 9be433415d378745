//! uv as uploads to an index need it, and what the user's own configuration says of indexes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use http::Secret;
use model::{Diagnostic, Invocation};
use python_index::{
    IDENTITY, IndexAddress, IndexSources, Trusted, UploadAuth, Uv, UvEnd, Workflow,
};

use crate::environment::Environment;
use crate::toolbox::{Toolbox, Unavailable, text};

/// The pinned uv.
pub(crate) struct PinnedUv {
    toolbox: Toolbox,
}

impl PinnedUv {
    pub(crate) fn new(toolbox: Toolbox) -> Self {
        Self { toolbox }
    }
}

impl Uv for PinnedUv {
    fn run(
        &self,
        invocation: &Invocation,
        secrets: &[(String, Secret)],
    ) -> Result<UvEnd, Diagnostic> {
        let program = self.toolbox.path("uv").map_err(|reason| match reason {
            Unavailable::NotHere(why) => Diagnostic::new(&tools::codes::TOOL_MISSING, why),
            Unavailable::Broken(problem) => problem,
        })?;
        let mut invocation = Invocation { program: text(&program), ..invocation.clone() };
        invocation.env.extend(tools::uv_env(self.toolbox.cache().paths(), false));
        let secrets: Vec<(&str, &str)> =
            secrets.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        let ended = self.toolbox.ask(&invocation, &secrets).map_err(|error| error.problem())?;
        Ok(UvEnd { success: ended.0, stderr: ended.1 })
    }
}

/// As whom the index is spoken to.
pub(crate) fn auth(environment: &Environment) -> UploadAuth {
    let named = |name: &&str| Some(((*name).to_owned(), environment.secret(name)?));
    UploadAuth {
        trusted: Trusted::Automatic,
        token: environment.secret("UV_PUBLISH_TOKEN"),
        user: environment.text("UV_PUBLISH_USERNAME").map(str::to_owned),
        password: environment.secret("UV_PUBLISH_PASSWORD"),
        identity: IDENTITY.iter().filter_map(named).collect(),
    }
}

/// The workflow that this job belongs to.
pub(crate) fn workflow(environment: &Environment) -> Workflow {
    let told = |name: &str| environment.text(name).map(str::to_owned);
    Workflow {
        repository: told("GITHUB_REPOSITORY").unwrap_or_default(),
        workflow: told("GITHUB_WORKFLOW_REF"),
        job: told("GITHUB_JOB_WORKFLOW_REF"),
    }
}

/// The index that `sources` name. Where they name none at all, uploads go to uv's own default, the
/// index that pip installs from unless it is told otherwise: pip knows its address.
///
/// # Errors
/// As [`python_index::find_index`].
pub(crate) fn find(sources: &IndexSources) -> Result<IndexAddress, Diagnostic> {
    let mut found = python_index::find_index(sources)?;
    if found.upload.is_none() && found.check.is_none() {
        found.check = default_of_pip();
    }
    Ok(found)
}

/// What pip would install from without any configuration; nothing where there is no pip that says.
fn default_of_pip() -> Option<String> {
    let ask = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
    let python = Invocation::new("python3", ["-I", "-c", ask]);
    let output = tools::run(&python, &mut tools::RunOptions::default()).ok()?;
    let address = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    address.starts_with("https://").then_some(address)
}

/// Where an index may be named.
pub(crate) struct Named<'a> {
    /// `--publish-url`.
    pub(crate) publish_url: Option<String>,
    /// `--check-url`.
    pub(crate) check_url: Option<String>,
    /// The folder whose configuration counts before the person's.
    pub(crate) beside: &'a Path,
}

impl Named<'_> {
    /// Flags, variables, and the files that uv and pip read.
    pub(crate) fn sources(self, environment: &Environment) -> IndexSources {
        let home = env::home_dir().unwrap_or_default();
        let config =
            env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
        let set = |name: &&str| Some(((*name).to_owned(), environment.text(name)?.to_owned()));
        let variables: BTreeMap<String, String> =
            IndexSources::VARIABLES.iter().filter_map(set).collect();
        IndexSources {
            publish_url: self.publish_url,
            check_url: self.check_url,
            env: variables,
            uv: texts(&[
                self.beside.join("uv.toml"),
                self.beside.join("pyproject.toml"),
                config.join("uv/uv.toml"),
                PathBuf::from("/etc/uv/uv.toml"),
            ]),
            pip: texts(&[
                config.join("pip/pip.conf"),
                home.join(".pip/pip.conf"),
                PathBuf::from("/etc/pip.conf"),
            ]),
        }
    }
}

/// Bytes of a configuration file at most.
const MAX_CONFIG: u64 = 1 << 20;

/// Those that are there.
fn texts(files: &[PathBuf]) -> Vec<String> {
    let small = |file: &&PathBuf| fs::metadata(file).is_ok_and(|about| about.len() <= MAX_CONFIG);
    files.iter().filter(small).filter_map(|file| fs::read_to_string(file).ok()).collect()
}
