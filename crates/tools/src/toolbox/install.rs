//! Installs a pinned tool into the cache: download, check, unpack or compile, move to its folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ToolPath, Toolbox, is_there, program_of};
use crate::cache::APART;
use crate::error::ToolError;
use crate::event::Event;
use crate::fetch;
use crate::pins::{Origin, Pin, Source};
use crate::unpack::{check_hash, unpack};

impl Toolbox {
    /// Installs the tool from the first of its sources that serves it.
    pub(super) fn install(&self, pin: &Pin, what: &str) -> Result<ToolPath, ToolError> {
        let _lock = self.cache.lock(&format!("{}-{}", pin.tool, pin.version), || {
            (self.progress)(&Event::Waiting { what });
        })?;
        if let Some(found) = self.cached(pin) {
            return Ok(found);
        }
        let mut last = ToolError::Missing { what: what.to_owned() };
        for (index, source) in pin.sources.iter().enumerate() {
            if index > 0 {
                (self.progress)(&Event::NextSource { tool: pin.tool, reason: &last.to_string() });
            }
            match self.install_from(pin, source) {
                Ok(()) => match self.cached(pin) {
                    Some(found) => return Ok(found),
                    None => last = ToolError::Missing { what: source.program.clone() },
                },
                Err(error) => last = error,
            }
        }
        Err(ToolError::Fetch { what: what.to_owned(), source: Box::new(last) })
    }

    fn install_from(&self, pin: &Pin, source: &Source) -> Result<(), ToolError> {
        (self.progress)(&Event::Fetching {
            tool: pin.tool,
            version: &pin.version,
            from: &source.origin.to_string(),
            bytes: source.bytes,
        });
        self.cache.install(&self.folder(pin, source), |staging| {
            let whole = match &source.origin {
                Origin::Crate { name, version } => {
                    self.compile(pin, source, &format!("{name}@{version}"), staging)?
                }
                Origin::Pypi { .. } | Origin::Npm { .. } => self.download(source, staging)?,
            };
            let program = whole.join(program_of(pin, source));
            if is_there(pin, &program) {
                return Ok(whole);
            }
            mark_executable(&program)?;
            Ok(whole)
        })
    }

    fn download(&self, source: &Source, staging: &Path) -> Result<PathBuf, ToolError> {
        let (downloads, whole) = (folder(staging, "download")?, folder(staging, "whole")?);
        let (python, logs) = (self.python()?, self.cache.logs());
        let file = match &source.origin {
            Origin::Npm { name, version } => {
                fetch::npm(&format!("{name}@{version}"), source, &downloads, logs)?
            }
            _ => fetch::pip(python, source, &downloads, logs)?,
        };
        check_hash(&file, source)?;
        unpack(python, &file, source, &whole)?;
        Ok(whole)
    }

    /// The hash of a crate is checked before anything of it runs.
    fn compile(
        &self,
        pin: &Pin,
        source: &Source,
        package: &str,
        staging: &Path,
    ) -> Result<PathBuf, ToolError> {
        let rust = self.rust(None, &[])?;
        let (home, logs) = (self.cache.paths().cargo_home(), self.cache.logs());
        let file = fetch::crates(&rust, &home, package, source, logs)?;
        check_hash(&file, source)?;
        let (code, whole) =
            (folder(staging, &format!("source/{APART}"))?, folder(staging, "whole")?);
        unpack(self.python()?, &file, source, &code)?;
        (self.progress)(&Event::Compiling { tool: pin.tool, version: &pin.version });
        let inner = code.join(source.file.trim_end_matches(".crate"));
        fetch::compile(&rust, &home, &inner, &whole, logs)?;
        Ok(whole)
    }
}

fn folder(staging: &Path, name: &str) -> Result<PathBuf, ToolError> {
    let folder = staging.join(name);
    fs::create_dir_all(&folder).map_err(ToolError::io(&folder, "written"))?;
    Ok(folder)
}

/// A zip file that was made on Windows may lack the mode of the executable.
fn mark_executable(program: &Path) -> Result<(), ToolError> {
    if !program.is_file() {
        return Err(ToolError::Missing { what: program.display().to_string() });
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755))
            .map_err(ToolError::io(program, "written"))?;
    }
    Ok(())
}
