//! Words for the state and type of an order, as shops write them.

/// What a status says about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Paid, or to be taken as such.
    Paid,
    /// Ordered, not paid.
    Pending,
    /// Never happened, or taken back in full.
    Cancelled,
}

impl Status {
    /// The word in the book.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Pending => "pending",
            Self::Cancelled => "cancelled",
        }
    }
}

const PENDING: &[&str] = &[
    "等待买家付款",
    "待付款",
    "未付款",
    "待支付",
    "未支付",
    "待付定金",
    "pending",
    "unpaid",
    "awaiting payment",
    "on-hold",
    "on hold",
    "draft",
    "checkout-draft",
    "pending payment",
    "authorized",
];
const CANCELLED: &[&str] = &[
    "交易关闭",
    "已关闭",
    "关闭",
    "已取消",
    "取消",
    "作废",
    "已作废",
    "无效",
    "退款成功",
    "已退款",
    "全额退款",
    "退款关闭",
    "已退货",
    "交易取消",
    "訂單取消",
    "cancelled",
    "canceled",
    "voided",
    "void",
    "refunded",
    "failed",
    "expired",
    "closed",
    "trash",
    "test",
    "returned",
];
const REFUNDS: &[&str] = &[
    "退货",
    "退款",
    "退单",
    "销售退货",
    "退貨",
    "退换",
    "负单",
    "红冲",
    "refund",
    "return",
    "returns",
    "returned",
    "refunded",
    "credit",
    "credit note",
    "creditnote",
    "sales return",
];

/// Reads a status; words nobody knows count as paid.
pub fn status(cell: &str) -> Status {
    let word = cell.trim().to_lowercase();
    if word.is_empty() {
        return Status::Paid;
    }
    let begins = |words: &[&str]| {
        words
            .iter()
            .any(|known| word == *known || (!known.is_ascii() && word.starts_with(known)))
    };
    if begins(PENDING) {
        Status::Pending
    } else if begins(CANCELLED) {
        Status::Cancelled
    } else {
        Status::Paid
    }
}

/// Whether a document type says that goods or money went back.
pub fn is_refund_type(cell: &str) -> bool {
    let word = cell.trim().to_lowercase();
    REFUNDS.contains(&word.as_str()) || word.starts_with("退")
}

/// Whether a document type says that no goods moved.
pub fn is_adjustment_type(cell: &str) -> bool {
    let word = cell.trim().to_lowercase();
    matches!(
        word.as_str(),
        "adjustment" | "adjust" | "correction" | "write-off" | "调整" | "调账" | "坏账"
    )
}

/// The channel a word names, or nothing.
pub fn channel(cell: &str) -> &'static str {
    let word = cell.trim().to_lowercase();
    let any = |signs: &[&str]| signs.iter().any(|sign| word.contains(sign));
    if word.is_empty() {
        ""
    } else if any(&["小程序", "mini", "wechat", "微信"]) {
        "mini_program"
    } else if any(&[
        "天猫",
        "淘宝",
        "京东",
        "抖音",
        "拼多多",
        "tmall",
        "taobao",
        "jd",
        "douyin",
        "amazon",
        "ebay",
        "market",
        "shopee",
        "lazada",
        "平台",
    ]) {
        "marketplace"
    } else if any(&[
        "web",
        "online",
        "网店",
        "官网",
        "商城",
        "线上",
        "电商",
        "shopify",
        "有赞",
        "internet",
        "e-commerce",
    ]) {
        "web"
    } else if any(&[
        "store", "shop", "pos", "retail", "门店", "线下", "专柜", "实体",
    ]) {
        "store"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_of_the_platforms() {
        assert_eq!(status("买家已付款，等待卖家发货"), Status::Paid);
        assert_eq!(status("交易成功"), Status::Paid);
        assert_eq!(status("交易关闭"), Status::Cancelled);
        assert_eq!(status("等待买家付款"), Status::Pending);
        assert_eq!(status(" Paid "), Status::Paid);
        assert_eq!(status("Refunded"), Status::Cancelled);
        assert_eq!(status("partially_refunded"), Status::Paid);
        assert!(is_refund_type("退货单") && is_refund_type("Refund") && !is_refund_type("Sale"));
        assert_eq!(channel("微信小程序"), "mini_program");
    }
}
