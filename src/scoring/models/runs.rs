//! The same character over and over.

use crate::scoring::alphabet::Charset;
use crate::scoring::models::Arc;
use crate::scoring::models::Model;
use crate::scoring::models::length_bits;

/// Finds runs of four characters or more.
pub(super) fn find(value: &[u8], whole: Charset, arcs: &mut Vec<Arc>) {
    let mut start = 0;
    for run in value.chunk_by(|left, right| left == right) {
        let end = start + run.len();
        if run.len() >= LEAST {
            arcs.push(Arc {
                start: start as u32,
                end: end as u32,
                bits: whole.bits + length_bits(run.len() - LEAST),
                model: Model::Run,
            });
        }
        start = end;
    }
}

const LEAST: usize = 4;
