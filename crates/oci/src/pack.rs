//! Creates an image for one platform from an executable.

mod root;

use std::collections::BTreeMap;

use crate::ImageSpec;
use archive::LayerCompressor;
use archive::time::Moment;
use model::{Diagnostic, Digest, Platform};

use crate::About;
use crate::codes;
use crate::spec::{
    CONFIG, Config, Descriptor, Empty, Healthcheck, History, LAYER_GZIP, MANIFEST, Manifest,
    PlatformSpec, RootFs, Run, Texts, render,
};
use root::{BASE_EPOCH, CERTIFICATES, Own, Users};
pub use root::{Placed, UsualBase};
pub(crate) use root::{base_problem, place};

/// The inputs of an image.
#[derive(Debug, Clone, Copy)]
pub struct ImageInput<'a> {
    /// Its annotations and labels.
    pub about: About<'a>,
    /// The platform it is for.
    pub platform: Platform,
    /// The executable's name at the root of the image.
    pub binary_name: &'a str,
    /// The executable.
    pub binary: &'a [u8],
    /// What lies below it.
    pub base: Option<UsualBase<'a>>,
    /// What else lies beside it.
    pub files: &'a [Placed<'a>],
}

/// Bytes and their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Their digest.
    pub digest: Digest,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An image for one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedImage {
    /// The manifest's descriptor, with its platform: what [`crate::pack_index`] takes.
    pub descriptor: Descriptor,
    /// The manifest.
    pub manifest: Blob,
    /// The configuration.
    pub config: Blob,
    /// The layers, lowest first.
    pub layers: Vec<Blob>,
}

/// Creates an image of `input.binary` as `/NAME` (mode 0755) with the image's settings and files,
/// all owned by root and with the epoch as time. With a base, a layer below holds that, a user
/// called `nonroot` with a home, and an empty `/tmp`.
///
/// # Errors
/// For a user that is not a number or is root, and for what does not fit into an archive.
pub fn pack_image(
    input: &ImageInput<'_>,
    compressor: &dyn LayerCompressor,
) -> Result<PackedImage, Diagnostic> {
    let About { image, epoch, .. } = input.about;
    let ids = user_ids(image)?;
    let tars = layers(input, ids, epoch)?;
    let layers: Vec<Blob> = tars.iter().map(|tar| Blob::new(compressor.compress(tar))).collect();
    let texts = input.about.texts()?;
    let config = config(input, &texts, tars.iter().map(|tar| Digest::of(tar)).collect());
    let config = Blob::new(render(&config));
    let manifest = Manifest {
        schema_version: 2,
        media_type: MANIFEST.to_owned(),
        config: config.descriptor(CONFIG),
        layers: layers.iter().map(|layer| layer.descriptor(LAYER_GZIP)).collect(),
        annotations: texts,
    };
    let manifest = Blob::new(render(&manifest));
    let platform = Some(PlatformSpec::from(input.platform));
    let descriptor = Descriptor { platform, ..manifest.descriptor(MANIFEST) };
    Ok(PackedImage { descriptor, manifest, config, layers })
}

impl Blob {
    /// `bytes` with their digest.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { digest: Digest::of(&bytes), bytes }
    }

    /// Its descriptor.
    #[must_use]
    pub fn descriptor(&self, media_type: &str) -> Descriptor {
        Descriptor {
            media_type: media_type.to_owned(),
            digest: self.digest,
            size: self.bytes.len() as u64,
            annotations: Texts::new(),
            platform: None,
        }
    }
}

/// The ids of the user and its group, which is by default that of the user.
fn user_ids(image: &ImageSpec) -> Result<(u32, u32), Diagnostic> {
    let (user, group) = image.user.split_once(':').unwrap_or((&image.user, &image.user));
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    match (number(user), number(group)) {
        (Some(user), Some(group)) if user != 0 => Ok((user, group)),
        (Some(0), Some(_)) => Err(Diagnostic::new(
            &codes::IMAGE_USER_ROOT,
            format!("the image `{}` would run as root", image.name),
        )
        .help("set `user = 65532`, or another number above 0")),
        _ => Err(Diagnostic::new(
            &model::codes::IMAGE_USER,
            format!("the user `{}` of the image `{}` is not a number", image.user, image.name),
        )
        .help("set `user = 65532` or `user = \"65532:65532\"`")),
    }
}

/// The layers as archives, lowest first.
fn layers(
    input: &ImageInput<'_>,
    (user, group): (u32, u32),
    epoch: u64,
) -> Result<Vec<Vec<u8>>, Diagnostic> {
    let name = input.binary_name;
    let taken = input.base.and_then(|_| root::base_problem(name));
    if name.contains('/') || taken.is_some() {
        let message = format!("an executable called `{name}` cannot be at an image's root");
        return Err(Diagnostic::new(&codes::IMAGE_BINARY_NAME, message));
    }
    let (users, usual) = (Users::of(user, group), Users::usual());
    let own = Own {
        name,
        binary: input.binary,
        files: input.files,
        user: input.base.map(|_| (user, group, &users)),
    };
    let base = input.base.map(|base| root::base(base, &usual).tar(BASE_EPOCH, name)).transpose()?;
    Ok(base.into_iter().chain([own.layer()?.tar(epoch, name)?]).collect())
}

fn config(input: &ImageInput<'_>, texts: &Texts, diff_ids: Vec<Digest>) -> Config {
    let image = input.about.image;
    let binary = format!("/{}", input.binary_name);
    let entrypoint =
        if image.entrypoint.is_empty() { vec![binary.clone()] } else { image.entrypoint.clone() };
    let mut env = BTreeMap::from([("PATH".to_owned(), SEARCH_PATH.to_owned())]);
    if input.base.is_some() {
        // OpenSSL that was built elsewhere looks elsewhere.
        env.insert("SSL_CERT_FILE".to_owned(), CERTIFICATES.to_owned());
    }
    env.extend(image.env.clone());
    let created = input.about.created();
    let base = input.base.map(|_| History {
        created: Moment::at(BASE_EPOCH).rfc3339(),
        created_by: "package-actions: base".to_owned(),
        comment: "certificate authorities, time zones, users and an empty /tmp".to_owned(),
        empty_layer: false,
    });
    let own = History {
        created: created.clone(),
        created_by: format!("package-actions: {binary}"),
        comment: "the executable".to_owned(),
        empty_layer: false,
    };
    Config {
        created,
        platform: input.platform.into(),
        config: Run {
            user: image.user.clone(),
            exposed_ports: image
                .ports
                .iter()
                .map(|port| (format!("{port}/tcp"), Empty {}))
                .collect(),
            env: Some(env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
            entrypoint: Some(entrypoint),
            cmd: None,
            working_dir: "/".to_owned(),
            labels: Some(texts.clone()),
            healthcheck: image.healthcheck.as_ref().map(|check| Healthcheck {
                test: ["CMD".to_owned()].into_iter().chain(check.command.iter().cloned()).collect(),
                interval: Some(INTERVAL),
                timeout: Some(TIMEOUT),
                retries: Some(RETRIES),
            }),
        },
        rootfs: RootFs { kind: "layers".to_owned(), diff_ids },
        history: base.into_iter().chain([own]).collect(),
    }
}

/// Docker's default `PATH`.
const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// 30 s, in nanoseconds.
const INTERVAL: u64 = 30_000_000_000;
/// 5 s, in nanoseconds.
const TIMEOUT: u64 = 5_000_000_000;
const RETRIES: u32 = 3;

#[cfg(test)]
pub(crate) mod tests;
