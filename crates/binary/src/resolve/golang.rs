//! `go = "…"`: its module, the flags of its linker, and the platforms that it can be built for.

use format::{Context, PackageTable, ResolvedPackage};
use manifests::At;
use model::Platform;

use super::BinaryTable;
use crate::keys::KEY;
use crate::{BinarySource, BinarySpec, codes, ldflags};

/// Resolves the main package in the folder `at`.
pub(super) fn resolve(
    context: &mut Context<'_, '_>,
    written: &BinaryTable,
    at: &At<String>,
) -> Option<BinarySource> {
    let path = context.path(at)?;
    let folder = context.manifests.folder(path);
    context.take(at.offset, folder)?;
    let module = context.manifests.go_module(path);
    let Some(module) = context.take(at.offset, module)? else {
        context.error(
            at.offset,
            &codes::BINARY_NO_GO_MOD,
            format!("neither `{path}` nor a folder above it holds `go.mod`"),
            "name a folder inside a Go module",
        );
        return None;
    };
    let flags = flags(context, written);
    let tags = tags(context, written);
    Some(BinarySource::Go { path: path.to_owned(), module, ldflags: flags, tags })
}

/// The flags of the linker as one text.
fn flags(context: &mut Context<'_, '_>, written: &BinaryTable) -> Option<String> {
    let list = written.ldflags.as_ref()?;
    for at in &list.value {
        if let Some((message, help)) = ldflags::problem(&at.value) {
            context.error(at.offset, &codes::BINARY_LDFLAGS, format!("`ldflags`: {message}"), help);
        }
    }
    let texts: Vec<&str> = list.value.iter().map(|at| at.value.trim()).collect();
    Some(texts.join(" "))
}

fn tags(context: &mut Context<'_, '_>, written: &BinaryTable) -> Vec<String> {
    let fits = |tag: &str| {
        !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    };
    let mut tags = Vec::new();
    for at in written.tags.iter().flat_map(|list| &list.value) {
        if !fits(&at.value) {
            let message = format!("`{}` is not a build tag of Go", at.value);
            let help = "write one tag an item: letters, digits, `_` and `.`";
            context.error(at.offset, &codes::BINARY_TAG, message, help);
        }
        tags.push(at.value.clone());
    }
    tags
}

/// Tells of the platforms that build constraints exclude. It comes last: it asks for the list of
/// files, which takes git a while, and manifests can be read meanwhile.
pub(crate) fn check_platforms(
    context: &mut Context<'_, '_>,
    written: &[PackageTable],
    packages: &[ResolvedPackage],
) {
    for (table, package) in written.iter().zip(packages) {
        let Some(binary) = package.package.spec::<BinarySpec>() else { continue };
        let Some(values) = table.formats.get(KEY.name) else { continue };
        let BinarySource::Go { path, module, tags, .. } = &binary.source else { continue };
        let excluded = context.manifests.go_excluded(module, path, &binary.platforms, tags);
        if !excluded.is_empty() {
            let list = values.platforms("platforms").map(|list| list.offset);
            let offset = list.or_else(|| values.text("go").map(|at| at.offset));
            let (message, help) = problem(&binary.platforms, excluded);
            let offset = offset.unwrap_or(values.offset);
            context.error(offset, &codes::BINARY_PLATFORM_EXCLUDED, message, help);
        }
    }
}

fn problem(platforms: &[Platform], excluded: Vec<(Platform, String)>) -> (String, String) {
    let is_left = |platform: &&Platform| excluded.iter().all(|(out, _)| out != *platform);
    let left: Vec<String> =
        platforms.iter().filter(is_left).map(|one| format!("\"{one}\"")).collect();
    let out: Vec<String> = excluded.iter().map(|(out, _)| format!("`{out}`")).collect();
    let folders = excluded.into_iter().map(|(_, folder)| format!("`{folder}`")).collect();
    let message = format!(
        "build constraints in {} leave no Go files for {}",
        format::unique(folders).join(" and "),
        out.join(", ")
    );
    let help = match left.as_slice() {
        [] => "name another main package, or build tags: `tags = [\"…\"]`".to_owned(),
        left => format!("name the platforms that it is for: `platforms = [{}]`", left.join(", ")),
    };
    (message, help)
}
