//! Images from a Dockerfile: what it is built from, and who it runs as.

use crate::{DockerfileSpec, ImageSource};
use format::{Context, PackageTable, ResolvedPackage, suggest};
use manifests::{At, parent};
use model::Platform;

use super::ImageTable;
use crate::ImageSpec;
use crate::codes;
use crate::keys::KEY;

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
    context.without_effect(written.base.as_ref(), "base", why);
    context.without_effect(written.files.as_ref(), "files", why);
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
    let git = written.git.as_ref().filter(|git| git.value);
    if let Some(at) = git.filter(|_| folder != ".") {
        let message = format!("the build context `{folder}` is not where the repository is");
        let help = "add `context = \".\"`, or remove `git`";
        context.error(at.offset, &codes::IMAGE_GIT, message, help);
    }
    let spec = DockerfileSpec {
        dockerfile: path.to_owned(),
        context: folder.to_owned(),
        target: written.target.as_ref().map(|at| at.value.clone()).unwrap_or_default(),
        build_args: written.build_args.as_ref().map(|at| at.value.clone()).unwrap_or_default(),
        secrets: list(&written.secrets),
        git: git.is_some(),
        from_release: list(&written.from_release),
    };
    Some((ImageSource::Dockerfile(spec), user))
}

/// Finds every package that an image is to be made from and that leaves nothing for it.
pub(crate) fn check(
    context: &mut Context<'_, '_>,
    written: &[PackageTable],
    packages: &[ResolvedPackage],
) {
    let names = || written.iter().map(|package| package.name.value.as_str());
    for (package, resolved) in written.iter().zip(packages) {
        let wanted = package.formats.get(KEY.name).and_then(|image| image.texts("from-release"));
        let platforms =
            resolved.package.spec::<ImageSpec>().map(|image| image.platforms.as_slice());
        for at in wanted.iter().flat_map(|list| &list.value) {
            let shown: String = at.value.chars().take(80).collect();
            let named = names().position(|name| name == at.value);
            let Some(other) = named.and_then(|index| packages.get(index)) else {
                let message = format!("`{shown}` is not the name of a package");
                let help = suggest(&at.value, names());
                context.error(at.offset, &codes::IMAGE_FROM_RELEASE, message, help);
                continue;
            };
            let missing =
                |platform: &&Platform| !other.offers.iter().any(|offer| offer.serves(**platform));
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
