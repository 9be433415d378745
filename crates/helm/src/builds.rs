//! The format as a build sees it.

use archive::time::Moment;
use archive::{Entry, LayerCompressor};
use format::{
    BuildContext, Builds, Ingredients, Job, Needs, Product, below, no_error, nothing_to_build,
};
use model::{
    Artifact, ArtifactKind, Diagnostic, Digest, FileEntry, Format, Found, Invocation, Package,
    Tree, Unit,
};

use crate::ChartSpec;
use crate::tool::{HelmSetup, commands};
use crate::{Helm, LIBRARY_NOTE, chart_metadata, lint_chart, pack_chart, push, read_chart};

impl Builds for Helm {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn needs(&self, job: &Job<'_>, _: &dyn Tree) -> Needs {
        Needs {
            tools: vec!["helm"],
            only_to_check: true,
            project: project(job).to_owned(),
            sources: true,
            ..Needs::default()
        }
    }

    fn checks(&self, job: &Job<'_>, tree: &dyn Tree, context: &BuildContext) -> Vec<Invocation> {
        let (Some(chart), Some(file)) = (job.package.spec::<ChartSpec>(), job.unit.files.first())
        else {
            return Vec::new();
        };
        commands(&HelmSetup {
            helm: context.tool("helm"),
            home: context.home.clone(),
            chart: format!("{}/{file}", context.out),
            name: chart.name.clone(),
            library: is_library(project(job), tree),
        })
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
        no_error(lint_chart(&from.sources, spec))?;
        let (name, bytes) = pack_chart(from.sources, spec, from.epoch)?;
        let read = read_chart(&name, &bytes)?;
        let created = Moment::at(from.epoch).rfc3339();
        let packed = (Digest::of(&bytes), bytes.len() as u64);
        let manifest = push(&read.metadata, packed, None, &created)?.manifest;
        let library = read.metadata.is_library().then(|| LIBRARY_NOTE.to_owned());
        let file = Entry::new(format!("helm/{name}"), bytes);
        let notes = library.into_iter().collect();
        let mut product = Product::of(unit, crate::CHART, file, notes);
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

/// Whether the chart in `folder` is a library, which renders nothing by itself.
fn is_library(folder: &str, tree: &dyn Tree) -> bool {
    match tree.find(&below(folder, "Chart.yaml")) {
        Found::Text(text) => chart_metadata(&text).is_ok_and(|chart| chart.is_library()),
        _ => false,
    }
}
