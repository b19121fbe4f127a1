//! What a question sees of one document.

use super::file::exact;
use super::links::Amendment;

/// No store or no channel.
pub(crate) const NONE: u32 = u32::MAX;

/// A customer, or some guests together, with everything they did.
#[derive(Debug, Default)]
pub(crate) struct Customer {
    /// None for guests.
    pub(crate) id: Option<i64>,
    pub(crate) documents: Vec<Document>,
    pub(super) goods: Vec<Good>,
}

impl Customer {
    /// What a document brought; nothing unless asked for.
    pub(crate) fn goods_of(&self, document: &Document) -> &[Good] {
        &self.goods[document.goods.0..document.goods.1]
    }

    /// Becomes another one, of whom nothing is known yet.
    pub(super) fn turn_to(&mut self, id: i64) {
        self.id = Some(id);
        self.documents.clear();
        self.goods.clear();
    }
}

/// A line that brought goods.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Good {
    /// The number of the product.
    pub(crate) product: u32,
    /// Thousandths of a unit, above zero.
    pub(crate) quantity: i64,
}

/// A paid document up to the last date that counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document {
    /// Its date, days since 1970-01-01.
    pub(crate) day: i32,
    /// The number of its store or [`NONE`].
    pub(crate) store: u32,
    /// The number of its channel or [`NONE`].
    pub(crate) channel: u32,
    /// The places of the first of its goods and behind the last one.
    pub(super) goods: (usize, usize),
    /// Pieces; negative for refunds.
    pub(crate) units: i64,
    /// In the reporting currency.
    pub(crate) net: i64,
    pub(crate) is_refund: bool,
    pub(super) is_sale: bool,
    /// Whether it belongs to another one.
    pub(super) is_part: bool,
    /// Whether something of it is left, or it was free from the start.
    pub(super) is_left: bool,
    /// What belongs to it, in the reporting currency.
    pub(super) more_net: i64,
    pub(super) more_sales: i64,
    pub(super) more_refunds: i64,
}

impl Document {
    /// Whether it is a sale that stands alone: the second half of an exchange adds money
    /// and pieces, but no order.
    pub(crate) fn is_order(&self) -> bool {
        self.is_sale && !self.is_part
    }

    /// What it gave back, positive.
    pub(crate) fn refunded(&self) -> i64 {
        if self.is_refund { -self.net } else { 0 }
    }

    /// The document in the order view: with what belongs to it folded in, none where it
    /// belongs to another one itself.
    pub(crate) fn kept(&self) -> Option<Kept> {
        let own = |is_such: bool| if is_such { self.net } else { 0 };
        (!self.is_part).then(|| Kept {
            net: self.net + self.more_net,
            counts: self.is_sale && self.is_left,
            sales: own(self.is_sale) + self.more_sales,
            refunds: self.more_refunds - own(self.is_refund),
        })
    }
}

/// What the order view makes of a document that stands alone, in the reporting currency.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    /// What is left.
    pub(crate) net: i64,
    /// Whether it is an order of which something is left.
    pub(crate) counts: bool,
    /// What was sold.
    pub(crate) sales: i64,
    /// What was given back of it, positive.
    pub(crate) refunds: i64,
}

impl Document {
    /// Folds in what belongs to it; `exact` is its own exact net.
    pub(super) fn amend(&mut self, more: &Amendment, own: i128) {
        self.is_left = own + exact(more.net, more.net_residue) > 0;
        self.more_net = more.reporting_net;
        self.more_sales = more.sales;
        self.more_refunds = more.refunds;
    }
}
