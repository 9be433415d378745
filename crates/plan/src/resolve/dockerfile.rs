//! Images from a Dockerfile: what it is built from, and who it runs as.

use config::{Config, ImageTable, suggest};
use manifests::{At, parent};
use model::{DockerfileSpec, ImageSource, Package, Platform, PythonKind};

use super::context::Context;
use crate::codes;

/// What the image is built from, and the user that its Dockerfile names.
pub(super) fn source(
    context: &mut Context<'_, '_>,
    written: &ImageTable,
    dockerfile: &At<String>,
) -> Option<(ImageSource, String)> {
    // A Dockerfile's image says these things in the Dockerfile.
    let why = "has no effect on a Dockerfile's image: say it in the Dockerfile";
    context.without_effect(written.user.as_ref(), "user", why);
    context.without_effect(written.ports.as_ref(), "ports", why);
    context.without_effect(written.entrypoint.as_ref(), "entrypoint", why);
    context.without_effect(written.healthcheck.as_ref(), "healthcheck", why);
    context.without_effect(written.env.as_ref(), "env", why);
    let path = context.path(dockerfile)?;
    let text = context.manifests.file(path);
    let text = context.take(dockerfile.offset, text)?;
    let (folder, offset) = match &written.context {
        Some(at) => (context.path(at)?, at.offset),
        None => (parent(path), dockerfile.offset),
    };
    let there = context.manifests.folder(folder);
    context.take(offset, there)?;
    let user = manifests::dockerfile::last_user(&text.text).unwrap_or_default();
    let first = user.split(':').next().unwrap_or_default();
    if first == "root" || first == "0" {
        context.warn(
            dockerfile.offset,
            &codes::IMAGE_ROOT,
            format!("`{path}` ends with `USER {user}`, so the image runs as root"),
            "end the Dockerfile with a `USER` such as `65532:65532`",
        );
    }
    let list = |list: &Option<At<Vec<At<String>>>>| {
        let mut list = list.as_ref().map(texts).unwrap_or_default();
        list.sort();
        list.dedup();
        list
    };
    check_secrets(context, written);
    let spec = DockerfileSpec {
        dockerfile: path.to_owned(),
        context: folder.to_owned(),
        target: written.target.as_ref().map(|at| at.value.clone()).unwrap_or_default(),
        build_args: written.build_args.as_ref().map(|at| at.value.clone()).unwrap_or_default(),
        secrets: list(&written.secrets),
        from_release: list(&written.from_release),
    };
    Some((ImageSource::Dockerfile(spec), user))
}

/// Finds every package that an image is to be made from and that leaves nothing for it.
pub(super) fn check(context: &mut Context<'_, '_>, written: &Config, packages: &[Package]) {
    let names = || written.packages.iter().map(|package| package.name.value.as_str());
    for (package, resolved) in written.packages.iter().zip(packages) {
        let wanted = package.image.as_ref().and_then(|image| image.from_release.as_ref());
        let platforms = resolved.image.as_ref().map(|image| image.platforms.as_slice());
        for at in wanted.iter().flat_map(|list| &list.value) {
            let shown: String = at.value.chars().take(80).collect();
            let named = names().position(|name| name == at.value);
            let Some(other) = named.and_then(|index| packages.get(index)) else {
                let message = format!("`{shown}` is the name of no package");
                let help = suggest(&at.value, names());
                context.error(at.offset, &codes::IMAGE_FROM_RELEASE, message, help);
                continue;
            };
            let missing = |platform: &&Platform| !leaves(other, **platform);
            if let Some(platform) = platforms.unwrap_or_default().iter().find(missing) {
                context.error(
                    at.offset,
                    &codes::IMAGE_FROM_RELEASE,
                    format!("`{shown}` leaves neither a wheel nor an executable for {platform}"),
                    "name packages with `python` or `binary` that are built for this platform",
                );
            }
        }
    }
}

/// Whether `package` has a wheel or an executable for `platform`.
fn leaves(package: &Package, platform: Platform) -> bool {
    let wheel = package.python.as_ref().is_some_and(|python| match &python.kind {
        PythonKind::Pyo3 { platforms, .. } => platforms.contains(&platform),
        PythonKind::Pure | PythonKind::Meta { .. } => true,
    });
    wheel || package.binary.as_ref().is_some_and(|binary| binary.platforms.contains(&platform))
}

fn check_secrets(context: &mut Context<'_, '_>, written: &ImageTable) {
    for at in written.secrets.iter().flat_map(|list| &list.value) {
        let first = at.value.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if !first || !at.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let shown: String = at.value.chars().take(80).collect();
            context.error(
                at.offset,
                &codes::IMAGE_SECRET_NAME,
                format!("`{shown}` cannot name a variable"),
                "give the name of an environment variable, never a value",
            );
        }
    }
}

pub(super) fn texts(list: &At<Vec<At<String>>>) -> Vec<String> {
    list.value.iter().map(|at| at.value.clone()).collect()
}
