//! Which manifests were there when a run began. A registry takes no manifest before the blobs that
//! it names (distribution-spec, "Pushing Manifests"), so one that is there answers for them: a run
//! with nothing to do asks half as many questions.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use model::Diagnostic;
use tokio::sync::OnceCell;

/// An answer, and whoever waits for it.
type Asked = Arc<OnceCell<Result<bool, Diagnostic>>>;

/// Answers by the manifests' names, until this run writes: then every object is asked about.
pub(super) struct ManifestCache(Mutex<Option<BTreeMap<String, Asked>>>);

impl ManifestCache {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Some(BTreeMap::new())))
    }

    /// Whether the manifest called `name` is there: by `question`, asked once however many want to
    /// know.
    pub(super) async fn ask(
        &self,
        name: &str,
        question: impl Future<Output = Result<bool, Diagnostic>>,
    ) -> Result<bool, Diagnostic> {
        let Some(asked) = self.of(name) else { return question.await };
        asked.get_or_init(|| question).await.clone()
    }

    /// Whether the answers are still valid.
    pub(super) fn is_valid(&self) -> bool {
        self.0.lock().is_ok_and(|answers| answers.is_some())
    }

    /// This run writes now.
    pub(super) fn end(&self) {
        if let Ok(mut answers) = self.0.lock() {
            *answers = None;
        }
    }

    fn of(&self, name: &str) -> Option<Asked> {
        let mut answers = self.0.lock().ok()?;
        Some(Arc::clone(answers.as_mut()?.entry(name.to_owned()).or_default()))
    }
}
