"""What is applied for after a list's release: summary declarations and goods returns. A firm sees its own, the office all."""
