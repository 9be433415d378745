//! The format as a build sees it.

use archive::time::Moment;
use archive::{Entry, LayerCompressor};
use format::{
    BuildContext, Builds, Checks, Fetch, Ingredients, Job, Needs, Product, below, nothing_to_build,
    only_warnings,
};
use model::{
    Artifact, ArtifactKind, Diagnostic, Digest, FileEntry, Format, Found, Package, Tree, Unit,
};

use crate::ChartSpec;
use crate::checks::{Setup, checks};
use crate::{Helm, LIBRARY_NOTE, chart_metadata, lint, pack, push, read_chart, vendored};

impl Builds for Helm {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn needs(&self, job: &Job<'_>, tree: &dyn Tree) -> Needs {
        let spec = job.package.spec::<ChartSpec>();
        Needs {
            tools: vec!["helm"],
            only_to_check: self.fetches(job, tree, &BuildContext::default()).is_empty(),
            project: project(job).to_owned(),
            sources: true,
            folders: spec.map(|spec| vendored::folders(spec, tree)).unwrap_or_default(),
            ..Needs::default()
        }
    }

    fn fetches(&self, job: &Job<'_>, tree: &dyn Tree, context: &BuildContext) -> Vec<Fetch> {
        let spec = job.package.spec::<ChartSpec>();
        spec.map(|spec| vendored::fetches(spec, tree, &context.tool("helm"), &context.home))
            .unwrap_or_default()
    }

    fn checks(
        &self,
        job: &Job<'_>,
        files: &[Entry],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Checks {
        let (Some(spec), Some(file)) = (job.package.spec::<ChartSpec>(), job.unit.files.first())
        else {
            return Checks::default();
        };
        let packed = files.iter().find(|entry| entry.path == *file);
        let packed = packed.and_then(|entry| read_chart(file, &entry.bytes).ok());
        let files = packed.map_or_else(|| shown(spec, tree), |chart| chart.files);
        let text = files.iter().find(|file| file.path == "Chart.yaml").map(|file| &file.bytes);
        let text = String::from_utf8_lossy(text.map_or(&[][..], Vec::as_slice));
        let metadata = chart_metadata(&text).unwrap_or_default();
        let setup = Setup {
            helm: context.tool("helm"),
            home: context.home.clone(),
            chart: format!("{}/{file}", context.out),
            tree: context.tree.clone(),
            spec,
            metadata: &metadata,
            ci_values: ci_values(spec, tree),
        };
        checks(&setup, &files)
    }

    fn finish(
        &self,
        job: &Job<'_>,
        from: Ingredients<'_>,
        _: &dyn LayerCompressor,
    ) -> Result<Product, Diagnostic> {
        let unit = job.unit;
        let Some(spec) = job.package.spec::<ChartSpec>() else {
            return Err(nothing_to_build(unit));
        };
        let mut source = pack::select(from.sources.clone(), spec)?;
        let materials = vendored::add(&mut source, spec, &from.folders, &from.fetched)?;
        let warnings = only_warnings(lint::lint(&from.sources, &source, spec))?;
        let (name, bytes) = pack::pack(source, spec, from.epoch)?;
        let read = read_chart(&name, &bytes)?;
        let created = Moment::at(from.epoch).rfc3339();
        let packed = (Digest::of(&bytes), bytes.len() as u64);
        let manifest = push(&read.metadata, packed, None, &created)?.manifest;
        let library = read.metadata.is_library().then(|| LIBRARY_NOTE.to_owned());
        let file = Entry::new(format!("helm/{name}"), bytes);
        let notes = library.into_iter().collect();
        let mut product = Product::of(unit, crate::CHART, file, notes);
        product.warnings = warnings;
        product.artifacts.iter_mut().for_each(|one| one.materials.clone_from(&materials));
        // What a registry will know the chart by, so that it can be signed.
        product.add(manifest_path(&format!("helm/{name}")), manifest.into_bytes());
        product.refer(&spec.reference);
        Ok(product)
    }

    fn read_spec(&self, package: &mut Package) {
        package.specs.read::<ChartSpec>();
    }

    fn kinds(&self, _: &Unit) -> &'static [ArtifactKind] {
        &[crate::CHART]
    }

    fn reference<'p>(&self, package: &'p Package) -> &'p str {
        package.spec::<ChartSpec>().map_or("", |chart| &chart.reference)
    }

    fn may_add(&self, _: &Unit, artifact: &Artifact, file: &FileEntry) -> bool {
        file.path == manifest_path(&artifact.file.path)
    }
}

/// Where the manifest lies by which a registry knows the chart at `path`.
fn manifest_path(path: &str) -> String {
    format!("{}.manifest.json", path.strip_suffix(".tgz").unwrap_or_default())
}

fn project<'p>(job: &Job<'p>) -> &'p str {
    job.package.spec::<ChartSpec>().map_or(".", |chart| &chart.path)
}

/// What decides the lines that are shown before anything is packed.
fn shown(spec: &ChartSpec, tree: &dyn Tree) -> Vec<Entry> {
    let inside = below(&spec.path, "");
    let decides = |name: &str| matches!(name, "Chart.yaml" | "values.schema.json");
    let paths = tree.files().into_iter().filter_map(|path| {
        let relative = if spec.path == "." { &path } else { path.strip_prefix(&inside)? };
        let name = relative.rsplit('/').next().unwrap_or_default();
        decides(name).then(|| (relative.to_owned(), path.clone()))
    });
    let entry = |(relative, path): (String, String)| match tree.find(&path) {
        Found::Text(text) => Some(Entry::new(relative, text)),
        _ => None,
    };
    paths.filter_map(entry).collect()
}

/// The files that chart-testing takes values from.
fn ci_values(spec: &ChartSpec, tree: &dyn Tree) -> Vec<String> {
    let folder = below(&spec.path, "ci/");
    let is_one = |path: &String| {
        let name = path.strip_prefix(&folder);
        name.is_some_and(|name| name.ends_with("-values.yaml") && !name.contains('/'))
    };
    tree.files().into_iter().filter(is_one).collect()
}
