//! A format from outside: kits, each an executable of the release with a label on it, and a list
//! over the kits of all platforms. It knows nothing of the four formats of the product.

use std::collections::BTreeSet;

use archive::{Entry, LayerCompressor};
use components::{Contents, PurlType, Subject};
use format::{
    Builds, Context, Destination, Discovers, Discovery, Downloads, Facts, Form, Headings,
    Ingredients, Inspects, Job, Key, Kind, Needs, OfferKind, Part, Plans, Product, ResolvedPackage,
    Section, Shape, Values, key, nothing_to_build, quoted, read,
};
use manifests::At;
use model::{
    Artifact, ArtifactKind, Diagnostic, Digest, Dist, Format, Manifest, Package, Platform, Recipe,
    Spec, Tree, Unit, UnitId,
};
use serde::{Deserialize, Serialize};

/// Kits.
pub const FORMAT: Format = Format::new("kit");

const KIT: ArtifactKind = ArtifactKind::new("kit");
const LIST: ArtifactKind = ArtifactKind::new("kit-list");
const BOXED: Recipe = Recipe::new("boxed");
const LISTED: Recipe = Recipe::new("listed");

mod codes {
    model::codes! {
        /// The label of a kit is empty.
        KIT_LABEL = "kit-label", Invalid;
    }
}

/// How a kit comes about, as a plan holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KitSpec {
    label: String,
    version: String,
    platforms: Vec<Platform>,
}

impl Spec for KitSpec {
    const KEY: &str = "kit";
}

static KEY: Key = key("kit", Shape::Table(&SECTION), "An executable with a label on it.");

static SECTION: Section = Section {
    name: "`kit`",
    about: "An executable with a label on it.",
    keys: &[key("label", Shape::Text, "What the label says.")],
    one_of: &[],
    required: &["label"],
};

/// The format.
pub struct Kits;

/// `kit = { … }` as it is written.
struct KitPart {
    label: Option<At<String>>,
}

impl Part for KitPart {
    fn resolve(
        self: Box<Self>,
        context: &mut Context<'_, '_>,
        asked: &format::Asked<'_>,
        package: &mut ResolvedPackage,
    ) {
        let Some(label) = self.label else { return };
        if let Some(problem) = label_problem(&label.value) {
            context.error(label.offset, problem.code, problem.message, "say what is in it");
            return;
        }
        let version = asked.versions.resolve(context, asked.package, None);
        let platforms = package.executable().and_then(|offer| offer.platforms.clone());
        if let (Some(version), Some(platforms)) = (version, platforms) {
            let version = version.text().to_owned();
            package.package.specs.set(KitSpec { label: label.value, version, platforms });
        }
    }
}

/// The format's one rule.
fn label_problem(label: &str) -> Option<Diagnostic> {
    let message = "the label says nothing";
    label.trim().is_empty().then(|| Diagnostic::new(&codes::KIT_LABEL, message))
}

impl Plans for Kits {
    fn format(&self) -> Format {
        FORMAT
    }

    fn key(&self) -> &'static Key {
        &KEY
    }

    fn destination(&self) -> Destination {
        Destination::Downloads
    }

    fn read(&self, _: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
        Box::new(KitPart { label: values.text("label") })
    }

    fn units(&self, package: &ResolvedPackage) -> Result<Vec<Unit>, Diagnostic> {
        let Some(spec) = package.package.spec::<KitSpec>() else { return Ok(Vec::new()) };
        let name = &package.package.name;
        let unit = |platform: Option<Platform>, recipe, needs, file| Unit {
            id: UnitId::new(name, FORMAT, platform),
            package: name.clone(),
            format: FORMAT,
            platform,
            recipe,
            version: spec.version.clone(),
            needs,
            files: vec![file],
        };
        let kit = |platform: &Platform| {
            let executable = package.executable().into_iter();
            let needs = executable.map(|offer| UnitId::new(name, offer.format, Some(*platform)));
            let file = format!("kit/{name}-{platform}.kit");
            unit(Some(*platform), BOXED, needs.collect(), file)
        };
        let mut units: Vec<Unit> = spec.platforms.iter().map(kit).collect();
        let all = units.iter().map(|unit| unit.id.clone()).collect();
        units.push(unit(None, LISTED, all, format!("kit/{name}.kits")));
        Ok(units)
    }

    fn facts(&self, _: &Package, unit: &Unit) -> Facts {
        Facts { seconds: 1, joins: unit.recipe == LISTED, downloads: true, ..Facts::default() }
    }

    fn narrow(&self, package: &mut Package, chosen: &BTreeSet<Platform>) {
        package.specs.edit(|spec: &mut KitSpec| spec.platforms.retain(|one| chosen.contains(one)));
    }
}

impl Discovers for Kits {
    fn key(&self) -> &'static Key {
        &KEY
    }

    /// `label.kit` beside a package says that there is a kit of it.
    fn discover(&self, discovery: &mut Discovery<'_, '_>) {
        for file in discovery.files(&["label.kit"]) {
            let Ok(Some(label)) = discovery.manifests.text(file) else { continue };
            let folder = manifests::parent(file);
            let mut packages = discovery.packages.iter_mut();
            if let Some(package) = packages.find(|package| package.folder == folder) {
                package.tables.push((KEY.name, vec![("label", quoted(label.text.trim()))]));
            }
        }
    }
}

impl Builds for Kits {
    fn format(&self) -> Format {
        FORMAT
    }

    fn needs(&self, _: &Job<'_>, _: &dyn Tree) -> Needs {
        Needs { project: ".".to_owned(), ..Needs::default() }
    }

    fn finish(
        &self,
        job: &Job<'_>,
        from: Ingredients<'_>,
        _: &dyn LayerCompressor,
    ) -> Result<Product, Diagnostic> {
        let Some(spec) = job.package.spec::<KitSpec>() else {
            return Err(nothing_to_build(job.unit));
        };
        let path = job.unit.files.first().cloned().unwrap_or_default();
        if job.unit.recipe == LISTED {
            let line = |needed: &format::Needed<'_>| format!("{}\n", needed.artifact.file.digest);
            let text: String = from.needed.iter().map(line).collect();
            return Ok(Product::of(job.unit, LIST, Entry::new(path, text), Vec::new()));
        }
        let executable = from.needed.iter().find(|needed| {
            needed.offered.is_some_and(|offered| offered.kind == OfferKind::Executable)
        });
        let needed = executable.ok_or_else(|| nothing_to_build(job.unit))?;
        let name = needed.offered.map_or("", |offered| offered.name);
        let digest = needed.artifact.file.digest;
        let text = format!("{}\n{name}\n{digest}\n", spec.label);
        Ok(Product::of(job.unit, KIT, Entry::new(path, text), Vec::new()))
    }

    fn read_spec(&self, package: &mut Package) {
        package.specs.read::<KitSpec>();
    }

    fn kinds(&self, unit: &Unit) -> &'static [ArtifactKind] {
        if unit.recipe == LISTED { &[LIST] } else { &[KIT] }
    }
}

const SUBJECT: Subject = Subject { purl: PurlType::Generic, purpose: "APPLICATION" };

static KINDS: [Kind; 2] = [
    Kind { name: KIT, form: Form::File, subject: SUBJECT },
    Kind { name: LIST, form: Form::File, subject: SUBJECT },
];

impl Inspects for Kits {
    fn format(&self) -> Format {
        FORMAT
    }

    fn kinds(&self) -> &'static [Kind] {
        &KINDS
    }

    fn headings(&self) -> Headings {
        Headings { short: "Kit", long: "Kits" }
    }

    fn destination(&self) -> Destination {
        Destination::Downloads
    }

    fn downloads(&self) -> Downloads {
        Downloads::Always
    }

    fn contents(
        &self,
        artifact: &Artifact,
        dist: &dyn Dist,
    ) -> Result<Vec<Diagnostic>, Diagnostic> {
        let (_, bytes) = read(artifact, dist)?;
        if artifact.kind == LIST {
            return Ok(Vec::new());
        }
        let (label, ..) = lines(&bytes);
        Ok(label_problem(&label).into_iter().collect())
    }

    fn inside(&self, kind: ArtifactKind, _: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
        let (_, name, digest) = lines(bytes);
        match digest.parse::<Digest>() {
            Ok(digest) if kind == KIT => {
                Ok(components::image("1.0.0", vec![(name, digest, Contents::default())]))
            }
            _ => Ok(Contents::default()),
        }
    }

    fn guide(&self, manifest: &Manifest) -> Option<String> {
        let kits = manifest.artifacts.iter().filter(|artifact| artifact.kind == KIT).count();
        (kits > 0).then(|| format!("## Kits\n\nOpen one of the {kits} kits.\n"))
    }
}

/// Label, name and digest of the executable.
fn lines(bytes: &[u8]) -> (String, String, String) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines = text.lines().map(str::to_owned);
    let mut next = || lines.next().unwrap_or_default();
    (next(), next(), next())
}
