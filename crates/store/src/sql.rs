//! SQL texts: static, counted, and the same for both engines.
//!
//! Every text is declared through [`statements!`], so that one list of all of them exists and both
//! engines can be asked to prepare each ([`crate::Store::prepare_every_statement`]).

use std::sync::OnceLock;

/// Statements over several rows come in these sizes only, so that each has its own static text
/// and stays in the connection's cache of prepared statements.
const SIZES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

/// Prepared statements kept by a connection: room for every text there is.
pub(crate) const CACHED: usize = 256;

/// A text whose middle is a list of rows of placeholders: `head ($1,$2),($3,$4) tail`.
pub(crate) struct Rows {
    head: &'static str,
    columns: usize,
    tail: &'static str,
    texts: OnceLock<[&'static str; SIZES.len()]>,
}

impl Rows {
    pub(crate) const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self { head, columns, tail, texts: OnceLock::new() }
    }

    /// All texts, one for each size.
    pub(crate) fn texts(&self) -> &[&'static str; SIZES.len()] {
        self.texts.get_or_init(|| SIZES.map(|rows| &*self.text(rows).leak()))
    }

    /// Cuts `items` into pieces, each with the text of exactly its size.
    pub(crate) fn exact<'a, T>(
        &self,
        mut items: &'a [T],
    ) -> impl Iterator<Item = (&'static str, &'a [T])> {
        let texts = *self.texts();
        std::iter::from_fn(move || {
            let largest = SIZES.iter().rposition(|&size| size <= items.len())?;
            let (piece, rest) = items.split_at(SIZES[largest]);
            items = rest;
            Some((texts[largest], piece))
        })
    }

    /// Cuts `items` into few pieces; the last is filled up with its last item, which statements
    /// allow that read or that do nothing on conflict.
    pub(crate) fn filled<'a, T>(
        &self,
        items: &'a [T],
    ) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'a T>)> {
        let texts = *self.texts();
        items.chunks(SIZES[SIZES.len() - 1]).filter_map(move |piece| {
            let index = SIZES.iter().position(|&size| size >= piece.len())?;
            let last = piece.last()?;
            let filling = std::iter::repeat_n(last, SIZES[index] - piece.len());
            Some((texts[index], piece.iter().chain(filling)))
        })
    }

    fn text(&self, rows: usize) -> String {
        let mut text = self.head.to_owned();
        for row in 0..rows {
            text.push_str(if row == 0 { " (" } else { ", (" });
            for column in 1..=self.columns {
                if column > 1 {
                    text.push_str(", ");
                }
                text.push('$');
                text.push_str(&(row * self.columns + column).to_string());
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.tail);
        text
    }
}

/// One declared text.
pub(crate) enum Declared {
    /// Of one size.
    One(&'static str),
    /// Of several.
    Many(&'static Rows),
}

/// Declares the statements of one file and lists them in its `STATEMENTS`.
macro_rules! statements {
    (
        $(const $name:ident = $text:literal;)*
        $(rows $many:ident = $head:literal, $columns:literal, $tail:literal;)*
    ) => {
        $(const $name: &str = $text;)*
        $(static $many: $crate::sql::Rows = $crate::sql::Rows::new($head, $columns, $tail);)*

        pub(crate) const STATEMENTS: &[$crate::sql::Declared] = &[
            $($crate::sql::Declared::One($name),)*
            $($crate::sql::Declared::Many(&$many),)*
        ];
    };
}
pub(crate) use statements;

#[cfg(test)]
mod tests {
    use super::*;

    static TWO: Rows = Rows::new("SELECT x WHERE (a, b) IN (VALUES", 2, ")");

    #[test]
    fn placeholders_count_on_over_rows() {
        assert_eq!(TWO.texts()[1], "SELECT x WHERE (a, b) IN (VALUES ($1, $2), ($3, $4) )");
    }

    #[test]
    fn pieces_hold_every_item_once_and_filling_repeats_the_last() {
        for count in 0..200_usize {
            let items: Vec<usize> = (0..count).collect();
            let exact: Vec<usize> =
                TWO.exact(&items).flat_map(|(_, piece)| piece.iter().copied()).collect();
            assert_eq!(exact, items);
            for (text, piece) in TWO.exact(&items) {
                assert_eq!(text.matches('$').count(), piece.len() * 2);
            }
            let mut filled = Vec::new();
            for (text, piece) in TWO.filled(&items) {
                let piece: Vec<usize> = piece.copied().collect();
                assert_eq!(text.matches('$').count(), piece.len() * 2);
                filled.extend(piece);
            }
            filled.dedup();
            assert_eq!(filled, items);
        }
    }
}
