"""Why a proposal is as it is: what else would cost, who is not served, what would help, fairness, history."""
