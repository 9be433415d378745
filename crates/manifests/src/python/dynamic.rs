//! Versions that `pyproject.toml` leaves to its backend, read where the backend reads them.
//!
//! Only literals: what would have to be run (`setup.py`, git tags) stays unknown.

use model::Diagnostic;

use super::literal::assigned;
use super::pyproject::VersionSource;
use crate::path::join_relative;
use crate::{Located, Manifests};

impl Manifests<'_> {
    /// The version that `source` gives the project in `folder`.
    pub(super) fn dynamic_version(
        &self,
        folder: &str,
        source: &VersionSource,
    ) -> Result<Option<Located>, Diagnostic> {
        match source {
            VersionSource::Attribute { path, roots } => self.attribute(folder, path, roots),
            VersionSource::WholeFile(path) => self.whole_file(folder, path),
            VersionSource::PythonFile(path) => {
                let Some(path) = join_relative(folder, path) else { return Ok(None) };
                Ok(self.text(&path)?.and_then(|source| assigned(&source, &NAMES)))
            }
        }
    }

    fn attribute(
        &self,
        folder: &str,
        path: &str,
        roots: &[String],
    ) -> Result<Option<Located>, Diagnostic> {
        let Some((module, name)) = path.rsplit_once('.') else { return Ok(None) };
        let module = module.replace('.', "/");
        let usual = [String::new(), "src".to_owned()];
        for root in roots.iter().chain(&usual) {
            for file in [format!("{root}/{module}.py"), format!("{root}/{module}/__init__.py")] {
                let relative = file.trim_start_matches('/');
                let Some(path) = join_relative(folder, relative) else { continue };
                let found = self.text(&path)?.and_then(|source| assigned(&source, &[name]));
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    fn whole_file(&self, folder: &str, path: &str) -> Result<Option<Located>, Diagnostic> {
        let Some(path) = join_relative(folder, path) else { return Ok(None) };
        let Some(source) = self.text(&path)? else { return Ok(None) };
        let text = source.text.trim().to_owned();
        let fits = !text.is_empty() && !text.contains('\n');
        Ok(fits.then(|| Located { text, location: source.location(0) }))
    }
}

/// What hatch and pdm look for.
const NAMES: [&str; 2] = ["__version__", "VERSION"];
