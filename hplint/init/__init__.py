"""What `hplint init` does: the decision tree's questions asked of a person, and a config that follows the answers.

answers -> choices.py: what the tree recommends, each choice with its reason -> a writer per format.
"""
