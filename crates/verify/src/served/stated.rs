//! What a trusted signer's statements say of something that was served. Evidence of others beside
//! them says nothing, and is not a fault: anybody may refer to an image.

use evidence::statement::{self, Statement};
use evidence::{Refusal, SignatureCheck, Verified, bundle};
use model::{Code, Diagnostic};

use super::Served;
use crate::Policy;

/// What trusted signers have signed about one thing.
#[derive(Debug, Default)]
pub(super) struct Stated {
    /// The names under which it was signed, with who did; one may be empty.
    pub(super) images: Vec<(String, Verified)>,
    /// How many statements say how it was built.
    pub(super) built: usize,
    /// Those of them that are of our making.
    pub(super) ours: Vec<Statement>,
    /// Why a bundle beside it says nothing.
    why: Option<Diagnostic>,
}

impl Stated {
    /// Reads the bundles of `one`, and believes what trusted signers have signed.
    pub(super) fn of(one: &Served, policy: &Policy, signatures: &dyn SignatureCheck) -> Self {
        let mut stated = Self::default();
        for text in &one.bundles {
            if let Err(refusal) = stated.take(text, one, policy, signatures) {
                stated.why = Some(refusal.diagnostic);
            }
        }
        stated
    }

    /// Who signed it as an image.
    pub(super) fn signer(&self) -> Option<&Verified> {
        self.images.first().map(|(_, verified)| verified)
    }

    /// That no trusted signer says anything of the kind.
    pub(super) fn lacks(&self, code: &'static Code, what: &str, one: &Served) -> Diagnostic {
        let why = self.why.as_ref().map_or_else(String::new, |why| format!(": {}", why.message));
        Diagnostic::new(code, format!("nothing by the given key {what} {}{why}", one.digest))
    }

    /// What is said of a chart's manifest is said of its archive, which it names by digest.
    fn take(
        &mut self,
        text: &str,
        one: &Served,
        policy: &Policy,
        signatures: &dyn SignatureCheck,
    ) -> Result<(), Refusal> {
        let bundle = bundle::read(text)?;
        if let bundle::Content::Message { .. } = bundle.content {
            return Ok(());
        }
        let (payload, verified) = bundle.verify_statement(&policy.trusted, signatures)?;
        let payload = String::from_utf8_lossy(payload);
        let read = statement::read(&payload)?;
        let names = || read.subjects.iter().filter(|(_, digest)| *digest == one.digest);
        if read.predicate_type == statement::IMAGE_PREDICATE_TYPE {
            self.images.extend(names().map(|(name, _)| (name.clone(), verified.clone())));
        }
        let built = read.predicate_type == statement::PREDICATE_TYPE;
        if built && names().next().is_some() {
            self.built += 1;
            self.ours.extend(statement::parse(&payload));
        }
        Ok(())
    }
}
