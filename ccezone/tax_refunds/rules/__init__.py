"""Export tax refund as pure functions: values in, values out; no database, no clock."""
