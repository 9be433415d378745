//! `image`: from this package's own executable, or from a Dockerfile.

mod dockerfile;
mod files;

use std::collections::{BTreeMap, BTreeSet};

use crate::{Base, HealthCheck, ImageSource, ImageSpec};
use format::{
    Asked, Context, Offer, OfferKind, PackageTable, Part, ResolvedPackage, Values, check_spelling,
    unique,
};
use manifests::At;
use model::{Platform, collect_by_insertion, registry_part_fits};

use crate::codes;
use dockerfile::texts;

pub(crate) use dockerfile::check;

/// `image = { … }` as it is written.
struct ImageTable {
    offset: usize,
    from: Option<At<String>>,
    dockerfile: Option<At<String>>,
    context: Option<At<String>>,
    target: Option<At<String>>,
    build_args: Option<At<BTreeMap<String, String>>>,
    secrets: Option<At<Vec<At<String>>>>,
    git: Option<At<bool>>,
    from_release: Option<At<Vec<At<String>>>>,
    name: Option<At<String>>,
    user: Option<At<String>>,
    ports: Option<At<Vec<At<u16>>>>,
    entrypoint: Option<At<Vec<At<String>>>>,
    healthcheck: Option<At<Vec<At<String>>>>,
    env: Option<At<BTreeMap<String, String>>>,
    base: Option<At<String>>,
    files: Option<At<BTreeMap<String, String>>>,
    platforms: Option<At<Vec<At<Platform>>>>,
}

/// Reads the table.
pub(crate) fn read(values: &Values) -> Box<dyn Part> {
    Box::new(ImageTable {
        offset: values.offset,
        from: values.text("from"),
        dockerfile: values.text("dockerfile"),
        context: values.text("context"),
        target: values.text("target"),
        build_args: values.variables("build-args"),
        secrets: values.texts("secrets"),
        git: values.flag("git").map(|git| At::new(git, values.offset)),
        from_release: values.texts("from-release"),
        name: values.text("name"),
        user: values.text_or_number("user"),
        ports: values.ports("ports"),
        entrypoint: values.texts("entrypoint"),
        healthcheck: values.texts("healthcheck"),
        env: values.variables("env"),
        base: values.text("base"),
        files: values.variables("files"),
        platforms: values.platforms("platforms"),
    })
}

impl Part for ImageTable {
    fn resolve(
        self: Box<Self>,
        context: &mut Context<'_, '_>,
        asked: &Asked<'_>,
        package: &mut ResolvedPackage,
    ) {
        let image = resolve(context, &self, package.executable(), asked);
        image.into_iter().for_each(|image| package.package.specs.set(image));
    }
}

/// Resolves `image`.
fn resolve(
    context: &mut Context<'_, '_>,
    written: &ImageTable,
    binary: Option<&Offer>,
    asked: &Asked<'_>,
) -> Option<ImageSpec> {
    let Asked { package, versions, release, .. } = *asked;
    let name = name(context, package, written);
    let version = versions.resolve(context, package, None);
    let (source, user) = match &written.dockerfile {
        Some(dockerfile) => dockerfile::source(context, written, dockerfile)?,
        None => {
            let user = user(context, written);
            (binary_source(context, written, asked)?, user?)
        }
    };
    let platforms = platforms(context, package, written, binary);
    let files = files::resolve(context, written, binary);
    let (name, version) = (name?, version?);
    check_spelling(context, package, "an image", version.tag());
    let entrypoint = match (&written.entrypoint, &source, binary) {
        (Some(list), _, _) => texts(list),
        (None, ImageSource::Binary, Some(binary)) => vec![format!("/{}", binary.name)],
        _ => Vec::new(),
    };
    Some(ImageSpec {
        reference: format!("{}/{name}", release.registry),
        name,
        version,
        source,
        platforms: platforms?,
        user,
        ports: ports(written),
        entrypoint,
        env: written.env.as_ref().map(|env| env.value.clone()).unwrap_or_default(),
        base: written.base.as_ref().map_or(Base::Usual, |_| Base::None),
        files: files?,
        healthcheck: written.healthcheck.as_ref().map(|at| HealthCheck { command: texts(at) }),
    })
}

fn name(
    context: &mut Context<'_, '_>,
    package: &PackageTable,
    written: &ImageTable,
) -> Option<String> {
    let (name, offset) = match &written.name {
        Some(at) => (at.value.clone(), at.offset),
        None => (package.name.value.to_lowercase(), written.offset),
    };
    if name.len() <= model::limits::MAX_NAME_CHARS && registry_part_fits(&name) {
        return Some(name);
    }
    let shown: String = name.chars().take(80).collect();
    context.error(
        offset,
        &codes::IMAGE_NAME,
        format!("`{shown}` cannot name an image"),
        "add `name`: lower-case letters and digits, with single `-`, `_` or `.` between",
    );
    None
}

fn binary_source(
    context: &mut Context<'_, '_>,
    written: &ImageTable,
    asked: &Asked<'_>,
) -> Option<ImageSource> {
    let from = written.from.as_ref()?;
    let why = "is for images with a `dockerfile`";
    context.without_effect(written.context.as_ref(), "context", why);
    context.without_effect(written.target.as_ref(), "target", why);
    context.without_effect(written.build_args.as_ref(), "build-args", why);
    context.without_effect(written.secrets.as_ref(), "secrets", why);
    context.without_effect(written.git.as_ref(), "git", why);
    context.without_effect(written.from_release.as_ref(), "from-release", why);
    if !asked.promised.contains(&OfferKind::Executable) {
        context.error(
            from.offset,
            &codes::IMAGE_NO_BINARY,
            format!(
                "the image of `{}` is made from its binary, but it has none",
                asked.package.name.value
            ),
            "add `binary = { go = \"…\" }` or `binary = { rust = \"…\" }`, or use `dockerfile`",
        );
        return None;
    }
    Some(ImageSource::Binary)
}

/// A user as `uid:gid`, the group named as well: without one an engine would take group 0.
fn user(context: &mut Context<'_, '_>, written: &ImageTable) -> Option<String> {
    let Some(at) = &written.user else { return Some(DEFAULT_USER.to_owned()) };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (user, group) = at.value.split_once(':').unwrap_or((&at.value, &at.value));
    match (number(user), number(group)) {
        (Some(0), _) => {
            context.error(
                at.offset,
                &codes::IMAGE_ROOT,
                "the image would run as root",
                format!("use another user, such as `{DEFAULT_USER}`"),
            );
            None
        }
        (Some(user), Some(group)) => Some(format!("{user}:{group}")),
        _ => {
            let (code, help) = match user {
                "root" => {
                    (&codes::IMAGE_ROOT, format!("use another user, such as `{DEFAULT_USER}`"))
                }
                _ => (&model::codes::IMAGE_USER, "write a number, or `uid:gid`".to_owned()),
            };
            let shown: String = at.value.chars().take(80).collect();
            context.error(at.offset, code, format!("`{shown}` is not a user to run as"), help);
            None
        }
    }
}

/// The user that distroless images call `nonroot`.
const DEFAULT_USER: &str = "65532:65532";

fn platforms(
    context: &mut Context<'_, '_>,
    package: &PackageTable,
    written: &ImageTable,
    binary: Option<&Offer>,
) -> Option<Vec<Platform>> {
    let from_binary = written.dockerfile.is_none();
    let built: BTreeSet<Platform> = collect_by_insertion(
        binary.into_iter().flat_map(|binary| binary.platforms.iter().flatten().copied()),
    );
    let Some(list) = &written.platforms else {
        let linux = Platform::LINUX.into_iter();
        let chosen: Vec<Platform> =
            linux.filter(|platform| !from_binary || built.contains(platform)).collect();
        if chosen.is_empty() && binary.is_some() {
            context.error(
                written.offset,
                &model::codes::IMAGE_PLATFORM,
                format!("the binary of `{}` has no Linux platform", package.name.value),
                "add `linux-amd64` or `linux-arm64` to the binary's `platforms`",
            );
            return None;
        }
        return Some(chosen);
    };
    for at in &list.value {
        if !Platform::LINUX.contains(&at.value) {
            context.error(
                at.offset,
                &model::codes::IMAGE_PLATFORM,
                format!("`{}` is not a platform for an image", at.value),
                "use `linux-amd64` and `linux-arm64`",
            );
        } else if from_binary && binary.is_some() && !built.contains(&at.value) {
            context.error(
                at.offset,
                &model::codes::IMAGE_PLATFORM,
                format!("the binary of `{}` is not built for `{}`", package.name.value, at.value),
                format!("add `{}` to the binary's `platforms`, or remove it here", at.value),
            );
        }
    }
    Some(unique(list.value.iter().map(|at| at.value).collect()))
}

fn ports(written: &ImageTable) -> Vec<u16> {
    let ports = written.ports.as_ref().map(|list| list.value.iter().map(|at| at.value).collect());
    unique(ports.unwrap_or_default())
}
