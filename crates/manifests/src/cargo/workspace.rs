//! Cargo workspaces: which one a package belongs to, and what it inherits from it.

use std::rc::Rc;

use model::Diagnostic;

use super::{CargoToml, Inherited};
use crate::path::{join, join_relative, upwards};
use crate::{Located, Manifests};

impl Manifests<'_> {
    /// The folder of the workspace that the package in `folder` belongs to: by Cargo's own rule,
    /// else the nearest folder with a `Cargo.lock`, else its own.
    ///
    /// # Errors
    /// When a manifest on the way cannot be read.
    pub fn cargo_workspace(&self, folder: &str) -> Result<String, Diagnostic> {
        if let Some(root) = self.declared_workspace(folder)? {
            return Ok(root);
        }
        for above in upwards(folder) {
            if self.is_file(&join(&above, "Cargo.lock"))? {
                return Ok(above);
            }
        }
        Ok(folder.to_owned())
    }

    /// The manifest of the workspace that the package in `folder` inherits from.
    ///
    /// # Errors
    /// When a manifest on the way cannot be read.
    pub fn cargo_root(&self, folder: &str) -> Result<Option<Rc<CargoToml>>, Diagnostic> {
        match self.declared_workspace(folder)? {
            Some(root) => self.cargo(&join(&root, "Cargo.toml")),
            None => Ok(None),
        }
    }

    /// The version of the package in `folder`, its own or its workspace's.
    ///
    /// # Errors
    /// When one of the two manifests cannot be read.
    pub fn cargo_version(&self, folder: &str) -> Result<Option<Located>, Diagnostic> {
        let Some(cargo) = self.cargo(&join(folder, "Cargo.toml"))? else { return Ok(None) };
        match cargo.package.as_ref().map(|package| &package.version) {
            Some(Inherited::Own(version)) => Ok(Some(version.clone())),
            Some(Inherited::Workspace) => {
                let root = self.cargo_root(folder)?;
                Ok(root.and_then(|root| root.workspace.as_ref()?.version.clone()))
            }
            Some(Inherited::Missing) => Ok(None),
            None => Ok(cargo.workspace.as_ref().and_then(|workspace| workspace.version.clone())),
        }
    }

    /// The lowest release of Rust that the package in `folder` takes.
    ///
    /// # Errors
    /// When one of the two manifests cannot be read.
    pub fn cargo_rust_version(&self, folder: &str) -> Result<Option<String>, Diagnostic> {
        let path = join(folder, "Cargo.toml");
        // Most say none, and need not be read as TOML for it.
        if self.text(&path)?.is_none_or(|source| !source.text.contains("rust-version")) {
            return Ok(None);
        }
        let cargo = self.cargo(&path)?;
        let Some(package) = cargo.as_ref().and_then(|cargo| cargo.package.as_ref()) else {
            return Ok(None);
        };
        match &package.rust_version {
            Inherited::Own(version) => Ok(Some(version.clone())),
            Inherited::Missing => Ok(None),
            Inherited::Workspace => {
                let root = self.cargo_root(folder)?;
                Ok(root.and_then(|root| root.workspace.as_ref()?.rust_version.clone()))
            }
        }
    }

    /// Description, licence and repository of the package in `folder`.
    ///
    /// # Errors
    /// When one of the two manifests cannot be read.
    pub fn cargo_texts(&self, folder: &str) -> Result<[Option<String>; 3], Diagnostic> {
        let Some(cargo) = self.cargo(&join(folder, "Cargo.toml"))? else {
            return Ok([None, None, None]);
        };
        let root = self.cargo_root(folder)?;
        let shared = root.as_ref().and_then(|root| root.workspace.as_ref());
        let Some(package) = &cargo.package else { return Ok([None, None, None]) };
        let pick = |own: &Inherited<String>, from: Option<&String>| match own {
            Inherited::Own(text) => Some(text.clone()),
            Inherited::Workspace => from.cloned(),
            Inherited::Missing => None,
        };
        Ok([
            pick(&package.description, shared.and_then(|w| w.description.as_ref())),
            pick(&package.license, shared.and_then(|w| w.license.as_ref())),
            pick(&package.repository, shared.and_then(|w| w.repository.as_ref())),
        ])
    }

    /// Cargo's own search (`cargo help workspaces`): `package.workspace`, else the nearest
    /// manifest with `[workspace]` that does not exclude the package.
    fn declared_workspace(&self, folder: &str) -> Result<Option<String>, Diagnostic> {
        for above in upwards(folder) {
            let Some(cargo) = self.cargo(&join(&above, "Cargo.toml"))? else { continue };
            if above == folder {
                let pointer = cargo.package.as_ref().and_then(|p| p.workspace.as_deref());
                if let Some(root) = pointer.and_then(|path| join_relative(folder, path)) {
                    return Ok(Some(root));
                }
            }
            if let Some(workspace) = &cargo.workspace {
                let excluded = workspace.exclude.iter().any(|path| {
                    join_relative(&above, path)
                        .is_some_and(|path| folder == path || folder.starts_with(&(path + "/")))
                });
                return Ok((!excluded || above == folder).then_some(above));
            }
        }
        Ok(None)
    }
}
