"""Every fact that a rule can ask about, by part. The names are the field's; each has one meaning and one unit.

Types are read when rules are loaded: a condition that compares `layer.role` with a word outside ROLE is an error with
a line number. Facts marked (derived) are inferred in the modules beside this one when no reader states them.
"""

from __future__ import annotations

from hplint.facts.fact import Fact, Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    # To a type checker the vocabularies are text; their words are checked when rules are loaded.
    TaskKind = str
    Modality = str
    Family = str
    LayerKind = str
    Role = str
    Expects = str
    Labels = str
    Scaling = str
    Goal = str
    Strategy = str
    Split = str
    SearchAlgorithm = str
    ParameterKind = str
    Adapter = str
    Activation = str
    Initializer = str
    LossName = str
    OptimizerName = str
    ScheduleName = str
    Values = list[Any]

# Closed vocabularies. A fact typed with one of these names holds one of its words.
VOCABULARIES: dict[str, tuple[str, ...]] = {
    "TaskKind": (
        "binary", "multiclass", "multilabel", "regression", "forecasting", "sequence_labelling", "segmentation",
        "detection", "clustering", "dimensionality_reduction", "language_modelling", "generation",
        "preference_optimisation", "reward_modelling", "reinforcement_learning", "self_supervised", "reconstruction",
    ),
    "Modality": (
        "tabular", "number", "category", "binary", "image", "video", "audio", "text", "timeseries", "graph",
        "embedding", "sequence", "mixed",
    ),
    "Family": (
        "linear_regression", "logistic_regression", "ridge_classifier", "naive_bayes", "knn", "svm", "decision_tree",
        "random_forest", "gradient_boosting", "kmeans", "pca", "gaussian_process", "neural_network",
    ),
    "LayerKind": (
        "dense", "convolution", "pooling", "recurrent", "attention", "normalization", "dropout", "activation",
        "flatten", "reshape", "embedding", "merge", "input", "model", "padding", "cropping", "upsampling", "noise",
        "rescaling", "augmentation", "preprocessing", "repeat", "masking", "lambda", "regularization", "unknown",
    ),
    "Role": ("hidden", "output", "gate", "attention", "residual", "input", "bottleneck"),
    "Expects": ("logits", "probabilities", "log_probabilities", "values"),
    "Labels": ("one_hot", "integer", "binary", "plus_minus_one", "values", "multi_hot"),
    "Scaling": ("none", "standard", "minmax", "unit", "minus_one_one", "log", "robust"),
    "Goal": ("minimize", "maximize"),
    "Strategy": ("no", "steps", "epoch", "best"),
    "Split": ("random", "stratified", "chronological", "fixed", "hash"),
    "SearchAlgorithm": ("grid", "random", "bayesian", "evolution", "hyperband", "tpe", "manual"),
    "ParameterKind": ("continuous", "integer", "categorical", "constant"),
    "Adapter": ("none", "lora", "qlora", "dora", "prefix", "prompt", "ia3", "other"),
}  # fmt: skip


class Task(Part):
    """What is to be learned."""

    kind: Fact[TaskKind]  #: the kind of problem (derived: from the only head)
    supervised: Fact[bool]  #: whether examples carry a target (derived)
    classes: Fact[int]  #: number of classes (derived: from the only head)
    modality: Fact[Modality]  #: what the inputs are, "mixed" for several (derived)
    labels: Fact[Labels]  #: how class labels are encoded in the data
    exclusive: Fact[bool]  #: each example has exactly one of the classes
    interpretable: Fact[bool]  #: the author needs a model that explains itself
    causal: Fact[bool]  #: only the past may be used: forecasting, streaming, left-to-right generation


class Input(Part):
    """One input of the model."""

    name: Fact[str]  #: what the input is called
    modality: Fact[Modality]  #: what kind of data it is
    shape: Fact[Values]  #: shape of one example without the batch, None for a free dimension
    channels: Fact[int]  #: values at each position: 3 for colours, 1 for grey
    channel_order: Fact[str]  #: "channels_last" or "channels_first"
    scaling: Fact[Scaling]  #: how values are scaled before the model; "none" is certain absence
    encoder: Fact[str]  #: the encoder's name in the format
    pretrained: Fact[bool]  #: its encoder starts from trained weights
    trainable: Fact[bool]  #: its encoder is trained along
    augmented: Fact[bool]  #: random augmentation of training examples
    vocabulary: Fact[int]  #: number of tokens or categories
    sequence_length: Fact[int]  #: steps of one example
    tied: Fact[str]  #: name of the input whose encoder it shares
    layer: Layer  #: the input layer
    read_by: Layer  #: the first convolutional, recurrent or attention layer that reads it; None for none (derived)
    longest_side: Fact[int]  #: of an image, in pixels (derived)
    reordered_shape: Fact[Values]  #: its shape with the channels at the other end, as it is to be written (derived)
    order_is_wrong: Fact[bool]  #: its convolution looks for the channels where they are not (derived)


class Output(Part):
    """One head of the model, with the loss it is trained by."""

    name: Fact[str]  #: what the head is called
    task: Fact[TaskKind]  #: what this head predicts (derived)
    units: Fact[int]  #: size of the last axis (derived: from the layer)
    activation: Fact[Activation]  #: what is applied last: its own or a following Activation layer's (derived)
    classes: Fact[int]  #: number of classes it tells apart
    exclusive: Fact[bool]  #: each example has exactly one of the classes
    bias: Fact[bool]  #: its last layer adds a bias
    loss: Loss
    layer: Layer  #: the last parametric layer of the head
    final: Layer  #: the layer whose output the head is
    dense_labels: Fact[bool]  #: one label per example (not per pixel or step) (derived)
    unflattened: Layer  #: the dense layer that lacks a flattening layer before it (derived)
    measured_as: Fact[str]  #: "classification" or "regression", as the metrics take it (derived)
    depends_on: Fact[str]  #: name of the head whose prediction it reads
    metrics: list[Metric]


class Data(Part):
    """The data set and how it is split."""

    samples: Fact[int]  #: number of training examples
    features: Fact[int]  #: number of tabular features (derived from the inputs)
    sequence_length: Fact[int]  #: steps per example (derived from the inputs)
    window: Fact[int]  #: past steps fed to a forecaster
    minority_share: Fact[float]  #: share of the rarest class, 0 to 1
    training_share: Fact[float]  #: share of the examples that is trained on, 0 to 1
    validation_share: Fact[float]  #: share of the examples that decides between settings, 0 to 1
    test_share: Fact[float]  #: share of the examples kept for the last measurement, 0 to 1
    shares: Fact[Values]  #: the split's fractions as written
    unscaled: Fact[Values]  #: names of the inputs whose numbers reach the network unscaled (derived)
    share_total: Fact[float]  #: their sum (derived)
    split: Fact[Split]  #: how examples are divided into training, validation and test
    split_column: Fact[str]  #: column that says which split an example belongs to
    shuffle: Fact[bool]  #: training examples are shuffled
    has_validation: Fact[bool]  #: there are examples to validate on (derived)
    training_path: Fact[str]  #: where the training examples are
    validation_path: Fact[str]  #: where the validation examples are
    test_path: Fact[str]  #: where the test examples are
    classes: Fact[int]  #: classes the data declares
    class_names: Fact[Values]  #: the classes' names, in order
    labelled: Fact[bool]  #: examples carry a target
    conversational: Fact[bool]  #: examples are chats: turns with roles
    splits: Fact[Values]  #: parts of data sets as Hugging Face's datasets library names them: train[:10%]
    malformed_split: Fact[str]  #: the first of them that the library cannot read (derived)
    streaming: Fact[bool]  #: examples are read as they come, without a known number
    one_hot_only: Fact[bool]  #: all features are one-hot
    sparse: Fact[bool]  #: most values are zero
    horizontal_flip: Fact[bool]  #: training images are mirrored at random
    orientation_matters: Fact[bool]  #: classes change meaning when mirrored: text, digits, signs
    augmented: Fact[bool]  #: random augmentation of training examples (derived from the inputs and layers)
    evaluation_augmented: Fact[bool]  #: validation or test examples are changed at random
    image_size: Fact[int]  #: height and width of images, in pixels
    normalisation_mean: Fact[Values]  #: mean of each channel that is subtracted from images
    oversample: Fact[float]  #: share that rare classes are repeated up to
    undersample: Fact[float]  #: share that frequent classes are cut down to
    grouped_by_length: Fact[bool]  #: batches are made of examples of about the same length


class Model(Part):
    """The model as a whole."""

    family: Fact[Family]  #: the kind of model
    architecture: Fact[str]  #: a name such as "vgg16", "stacked_cnn"
    pretrained: Fact[bool]  #: training starts from trained weights
    from_scratch: Fact[bool]  #: (derived) not pretrained
    layers: list[Layer]  #: in the order of the graph; empty for a model that has none
    complete: Fact[bool]  #: every layer is known to hplint: no custom or unreadable one (derived)
    parameters: Fact[int]  #: number of weights (derived)
    trainable_parameters: Fact[int]  #: number of weights that are trained (derived)
    hidden_layers: Fact[int]  #: number of hidden parametric layers (derived)
    depth: Fact[int]  #: number of parametric layers (derived)
    hidden_width: Fact[int]  #: width of the hidden layers where the format gives one number
    sequential: Fact[bool]  #: the layers form one chain (derived)
    normalised: Fact[bool]  #: has a normalisation layer (derived)
    residual: Fact[bool]  #: has a skip connection (derived)
    regularised: Fact[bool]  #: has dropout, L1, L2, noise or weight decay anywhere (derived)
    recurrent: Fact[bool]  #: has a recurrent layer (derived)
    convolutional: Fact[bool]  #: has a convolution (derived)
    attentive: Fact[bool]  #: has attention (derived)
    autoencoder: Fact[bool]  #: the output has the shape of the input (derived)
    generative: Fact[bool]  #: makes new examples: a GAN, a diffusion model, a decoder
    clusters: Fact[int]  #: number of clusters
    trees: Fact[int]  #: number of trees
    baselines: Fact[Values]  #: simpler families that were tried or are compared with
    dropout: Fact[float]  #: share of values dropped everywhere, 0 to below 1
    l1: Fact[float]  #: penalty on all weights
    l2: Fact[float]  #: penalty on the squares of all weights
    heads: Fact[int]  #: attention heads of each layer
    hidden_size: Fact[int]  #: width of the vectors between layers
    key_value_heads: Fact[int]  #: heads of keys and values that query heads share
    head_size: Fact[int]  #: width of one attention head
    vocabulary: Fact[int]  #: number of different tokens
    largest_token: Fact[int]  #: the largest token number that occurs
    missing_reference: Fact[str]  #: a name that something refers to and that is nowhere (derived)
    maximum_positions: Fact[int]  #: the longest sequence the model has positions for
    tied_embeddings: Fact[bool]  #: input and output share one table of embeddings
    custom_activation: Fact[bool]  #: an activation that the config defines itself
    usual_width: Fact[int]  #: mean of the numbers of inputs and outputs: a width for one hidden layer (derived)
    nearest_heads: Fact[int]  #: the number of heads nearest to its own that divides hidden_size (derived)
    nearest_key_value_heads: Fact[int]  #: likewise of key-value heads that divides its heads (derived)
    nearest_reference: Fact[str]  #: the name that missing_reference was probably meant to be (derived)
    linear: Fact[bool]  #: a network in which nothing bends, so that one linear layer could do what it does (derived)
    first_hidden: Layer  #: the first hidden dense or convolutional layer (derived)


class Layer(Part):
    """One layer of a network."""

    name: Fact[str]  #: what the layer is called
    type: Fact[str]  #: the framework's class, such as "Conv2D"
    kind: Fact[LayerKind]  #: what the layer does
    called: Fact[str]  #: how messages name it: "layer conv1", "layer 2 (dense)" (derived)
    operation: Fact[str]  #: what kind leaves open: max, add, multiply, concat, lstm, batch, layer, depthwise, ...
    role: Fact[Role]  #: (derived) from the graph
    rank: Fact[int]  #: number of spatial dimensions of a convolution or pooling
    units: Fact[int]  #: units of a dense or recurrent layer, filters of a convolution, width of an embedding
    kernel: Fact[Values]  #: size of the window along each dimension
    stride: Fact[Values]  #: steps between windows along each dimension
    padding: Fact[str]  #: what is put around the edges: valid for nothing, same to keep the size
    dilation: Fact[Values]  #: gaps between the values of a window
    groups: Fact[int]  #: groups of channels that do not mix
    is_global: Fact[bool]  #: pooling over all positions
    activation: Fact[Activation]  #: the layer's own; "linear" for none
    recurrent_activation: Fact[Activation]  #: activation of the gates
    effective_activation: Fact[Activation]  #: its own, or that of the Activation layer behind it (derived)
    activated_by: Layer  #: the layer that states the effective activation, itself or one behind it (derived)
    linear_into: Layer  #: the next layer with weights, where nothing nonlinear stands between the two (derived)
    pooled_into: Layer  #: the next layer with weights, where only max pooling is nonlinear between the two (derived)
    fan_in: Fact[int]  #: values that each unit adds up (derived)
    activation_text: Fact[str]  #: the activation's name as written
    nearest_activation: Fact[Activation]  #: what a misspelt activation was meant to be (derived)
    axis: Fact[int]  #: the axis it works along; -1 is the last
    axes: Fact[Values]  #: axes that a normalization scales along, or that a dot product sums over; the batch is 0
    bias: Fact[bool]  #: adds a bias
    kernel_initializer: Fact[Initializer]  #: how weights start
    bias_initializer: Fact[Initializer]  #: how biases start
    initializer_stddev: Fact[float]  #: standard deviation of a normal kernel initializer
    l1: Fact[float]  #: penalty on the absolute values of its weights
    l2: Fact[float]  #: penalty on the squares of its weights
    rate: Fact[float]  #: share of values dropped
    recurrent_rate: Fact[float]  #: share of values dropped between steps
    return_sequences: Fact[bool]  #: gives its output at every step, not the last only
    bidirectional: Fact[bool]  #: reads the sequence in both directions
    time_distributed: Fact[bool]  #: applied at each step by a wrapper
    stateful: Fact[bool]  #: keeps its state from one batch to the next
    stack: Fact[int]  #: number of stacked layers in one recurrent layer
    trainable: Fact[bool]  #: its weights are trained
    shared_axes: Fact[Values]  #: axes over which a learned activation shares its slope
    vocabulary: Fact[int]  #: rows of an embedding
    heads: Fact[int]  #: attention heads
    key_value_heads: Fact[int]  #: heads of keys and values that query heads share
    head_size: Fact[int]  #: width of one attention head
    scale: Fact[float]  #: what values are multiplied by
    offset: Fact[float]  #: what is added to values
    rescales_again: Fact[bool]  #: it divides by about 255 what is scaled already (derived)
    target_shape: Fact[Values]  #: shape it gives its output
    batch_size: Fact[int]  #: a batch size fixed in the layer's shape
    declared_shape: Fact[Values]  #: the input shape written in the layer, without the batch
    data_format: Fact[str]  #: where channels stand: channels_last or channels_first
    margins: Fact[
        Values
    ]  #: cells that padding adds, or cropping cuts, at both ends of each dimension: [[1, 1], [0, 2]]
    factors: Fact[Values]  #: how many times upsampling repeats each dimension
    repeats: Fact[int]  #: how many times a vector is repeated
    permutation: Fact[Values]  #: the order in which dimensions are put, counted from 1
    resized_to: Fact[Values]  #: the size that positions are pooled or resized to
    depth_multiplier: Fact[int]  #: filters for each channel of a depthwise or separable convolution
    output_padding: Fact[Values]  #: cells added to one side of a transposed convolution
    keeps_dimensions: Fact[bool]  #: global pooling leaves dimensions of length 1
    backward: Layer  #: a bidirectional layer's layer for the other direction, where it is one of its own
    merge_mode: Fact[str]  #: how a bidirectional layer joins its two directions: concat, sum, mul, ave; None for a pair
    return_state: Fact[bool]  #: gives its last state too
    reset_after: Fact[bool]  #: a GRU with a second bias
    shifted: Fact[bool]  #: a normalization learns an offset
    renormalised: Fact[bool]  #: batch renormalization, which keeps further statistics
    keeps_statistics: Fact[bool]  #: a standardization learns its mean and variance from data
    spectral: Fact[bool]  #: a wrapper divides the weights by their largest singular value
    scaled: Fact[bool]  #: a normalization learns a scale
    value_size: Fact[int]  #: size of an attention head's values where it differs from its keys'
    inputs: list[Layer]  #: the layers it reads
    consumers: list[Layer]  #: the layers that read it
    missing_inputs: Fact[Values]  #: names it reads from that no layer before it has
    previous: Layer  #: the only layer it reads, None for an input (derived)
    next: Layer  #: the only layer that reads it, None for an output (derived)
    previous_parametric: Layer  #: nearest layer with weights of its own before it, through layers without (derived)
    next_parametric: Layer  #: likewise behind it (derived)
    input_shape: Fact[Values]  #: without the batch, None for a free dimension (derived)
    output_shape: Fact[Values]  #: shape of its output without the batch, None for a free dimension (derived)
    collapses: Fact[bool]  #: its window is larger than what it slides over, so nothing is left (derived)
    parameters: Fact[int]  #: number of its weights (derived)
    trainable_parameters: Fact[int]  #: number of its weights that are trained (derived)
    feeds: Layer  #: the only layer that takes its output, past layers that keep its shape (derived)
    dropped_by: Layer  #: the dropout right in front of it, activations aside (derived)
    as_image: Fact[Values]  #: shape of the image whose rows a recurrent layer reads (derived)
    steps: Fact[int]  #: steps that a recurrent layer walks through (derived)
    channels: Fact[int]  #: channels that a convolution or normalization reads (derived)
    input_ranks: Fact[Values]  #: number of dimensions of each input of a merge, without the batch (derived)
    largest_token: Fact[int]  #: the largest token that an embedding is given (derived)
    nonpositive_size: Fact[str]  #: which of its written sizes is 0 or less (derived)
    extreme_rate: Fact[float]  #: the share it drops that is farther from a half (derived)
    penalty: Fact[float]  #: the strongest L1 or L2 on its weights, its own or the model's (derived)
    parametric: Fact[bool]  #: dense, convolution, recurrent, attention or embedding (derived)
    index: Fact[int]  #: place in the order of the graph, from 0
    depth: Fact[int]  #: parametric layers on the longest way from an input to it, itself included (derived)
    is_shared: Fact[bool]  #: called several times
    owner: Layer  #: the nested model it stands in, None at the top
    custom: Fact[bool]  #: of a class hplint does not know


class Loss(Part):
    """What is minimised for one head."""

    name: Fact[LossName]  #: what is minimised
    family: Fact[str]  #: (derived) crossentropy, binary_crossentropy, squared_error, hinge, ...
    expects: Fact[Expects]  #: what it takes from the model (derived: from its name and from_logits)
    from_logits: Fact[bool]  #: it takes logits and applies the activation itself
    labels: Fact[Labels]  #: the label encoding it takes (derived)
    label_smoothing: Fact[float]  #: share of the target given to the other classes, 0 to below 1
    class_weights: Fact[Values]  #: weight of each class
    weighted: Fact[bool]  #: classes or examples are weighted or resampled
    loss_weights: Fact[Values]  #: weight of each head's loss in the sum
    custom: Fact[bool]  #: a loss that the config defines itself


class Metric(Part):
    """Something measured, not minimised."""

    name: Fact[str]  #: what is measured
    kind: Fact[str]  #: classification, regression, ranking, language or loss (derived)
    goal: Fact[Goal]  #: which direction is better (derived)


class Optimizer(Part):
    """How the weights are moved."""

    name: Fact[OptimizerName]  #: the rule that moves the weights
    family: Fact[str]  #: adam, sgd, adagrad, ... (derived)
    adaptive: Fact[bool]  #: scales each weight's step by its gradient history (derived)
    learning_rate: Fact[float]  #: size of each step, at the start or at the top of the warm-up
    momentum: Fact[float]  #: share of the last step that is kept, 0 to below 1
    nesterov: Fact[bool]  #: looks ahead along the momentum before it measures the gradient
    betas: Fact[Values]  #: beta_1 and beta_2
    beta_1: Fact[float]  #: decay of the mean of past gradients, 0 to below 1
    beta_2: Fact[float]  #: decay of the mean of past squared gradients, 0 to below 1
    epsilon: Fact[float]  #: what keeps the division by small gradients finite
    weight_decay: Fact[float]  #: share of each weight that is taken off at each step, times the learning rate
    decoupled: Fact[bool]  #: weight decay apart from the gradient (AdamW) (derived)
    clip_norm: Fact[float]  #: largest norm that gradients keep; None where clipping is certainly off
    clip_value: Fact[float]  #: largest absolute value of any part of the gradient; None where clipping is certainly off
    clipped: Fact[bool]  #: (derived) gradients are clipped in some way
    relative_step: Fact[bool]  #: chooses its step size itself, by the number of steps
    amsgrad: Fact[bool]  #: keeps the largest squared gradient it has seen
    bitsandbytes: Fact[bool]  #: it is one of bitsandbytes, such as its 8-bit AdamW
    reference_batch: Fact[int]  #: examples per update that the learning rate was chosen for
    other_learning_rates: Fact[Values]  #: the same value stated elsewhere, differently
    ignored_setting: Fact[str]  #: the first written setting that this optimizer has no use for (derived)
    unrecognised: Fact[str]  #: its name as written, where it is none that hplint knows (derived)
    suggestion: Fact[OptimizerName]  #: the known optimizer nearest to an unknown name (derived)
    parameter_groups: Fact[int]  #: number of groups of weights with settings of their own
    in_backward: Fact[bool]  #: each weight is updated as soon as its gradient is there, which is then dropped


class Schedule(Part):
    """How the learning rate moves."""

    name: Fact[ScheduleName]  #: how the learning rate moves: constant, linear, cosine, step, plateau, ...
    exists: Fact[bool]  #: the learning rate changes during training
    warmup_steps: Fact[float]  #: steps over which the learning rate rises from 0
    warmup_ratio: Fact[float]  #: share of all steps over which the learning rate rises from 0, 0 to 1
    warmup_epochs: Fact[float]  #: epochs over which the learning rate rises from 0
    warmup_share: Fact[float]  #: warm-up as a share of all steps (derived)
    total_steps: Fact[int]  #: steps until the learning rate has reached its minimum
    total_epochs: Fact[float]  #: epochs until the learning rate has reached its minimum
    minimum: Fact[float]  #: lowest learning rate it reaches
    maximum: Fact[float]  #: highest learning rate it reaches
    factor: Fact[float]  #: what the learning rate is multiplied by at each drop
    patience: Fact[int]  #: evaluations without progress until the learning rate drops
    milestones: Fact[Values]  #: steps or epochs at which the learning rate drops
    interval: Fact[str]  #: "step" or "epoch"
    monitor: Fact[str]  #: metric whose standstill lets the learning rate drop
    restarts: Fact[bool]  #: the learning rate jumps up again


class Run(Part):
    """The training loop."""

    epochs: Fact[float]  #: times that training goes through all examples
    max_steps: Fact[int]  #: updates after which training stops
    batch_size: Fact[int]  #: examples in each batch of one device
    shrinks_batch: Fact[bool]  #: the batch is halved when memory runs out
    accumulation: Fact[int]  #: batches whose gradients are added up before each update
    devices: Fact[int]  #: number of GPUs or other devices that train together
    effective_batch: Fact[int]  #: examples per update (derived)
    steps_per_epoch: Fact[int]  #: updates per epoch (derived)
    total_steps: Fact[int]  #: updates in all (derived)
    seed: Fact[int]  #: number that random draws start from; None where certainly unset
    deterministic: Fact[bool]  #: only operations that give the same result every time
    benchmark: Fact[bool]  #: tries which operations are fastest, which differ from run to run
    workers: Fact[int]  #: processes that load examples
    prefetch: Fact[int]  #: batches that are loaded ahead
    persistent_workers: Fact[bool]  #: loading processes live on from epoch to epoch
    drop_last: Fact[bool]  #: leaves out the last batch of an epoch when it is not full
    shuffle: Fact[bool]  #: examples come in a new order in each epoch
    logging_steps: Fact[float]  #: updates between two entries of the log
    declared_batch: Fact[int]  #: a total batch size written beside its factors
    batch_product: Fact[int]  #: batch per device x accumulation x devices, all three written (derived)
    seconds_per_trial: Fact[float]  #: how long one training of a search takes, in seconds
    step_counts: Fact[Values]  #: every key that counts steps
    checkpoints_per_epoch: Fact[float]  #: how often weights are saved in each epoch
    steps_per_checkpoint: Fact[int]  #: updates between two savings of the weights
    device: Fact[str]  #: what it trains on: cpu, cuda, mps, tpu


class EarlyStopping(Part):
    """Stopping before the last epoch."""

    enabled: Fact[bool]  #: training stops when it no longer gets better
    monitor: Fact[str]  #: metric that has to get better
    mode: Fact[str]  #: "min" or "max"
    patience: Fact[int]  #: evaluations without progress until training stops; None where switched off
    minimum_change: Fact[float]  #: smallest change that counts as better
    evaluations_per_epoch: Fact[float]  #: how often the metric is measured in each epoch
    patience_epochs: Fact[float]  #: patience in epochs (derived)
    monitor_goal: Fact[Goal]  #: which direction is better, by the monitor's name (derived)


class Evaluation(Part):
    """Validation and checkpoints."""

    strategy: Fact[Strategy]  #: when the model is measured
    steps: Fact[float]  #: updates between two measurements
    per_epoch: Fact[float]  #: measurements in each epoch
    metric: Fact[str]  #: metric that decides which weights are best
    goal: Fact[Goal]  #: which direction of the metric is better (derived from mode or greater_is_better)
    mode: Fact[str]  #: "min" or "max"
    greater_is_better: Fact[bool]  #: a larger metric is better
    default_goal: Fact[Goal]  #: the direction the trainer assumes for the metric where none is set
    load_best: Fact[bool]  #: the best weights are loaded at the end
    save_strategy: Fact[Strategy]  #: when weights are saved
    save_steps: Fact[float]  #: updates between two savings of the weights
    saves_per_epoch: Fact[float]  #: savings of the weights in each epoch
    saves_at_end: Fact[bool]  #: the trainer saves the model after the last step by itself
    split: Fact[str]  #: the split that decides: "validation", "test", "training"
    monitors: Fact[Values]  #: the metric names that early stopping, schedule, evaluation and search watch (derived)
    packing: Fact[bool]  #: evaluation packs several examples into one sequence
    table_size: Fact[int]  #: predictions written into a table at each evaluation
    generates: Fact[bool]  #: evaluation generates text and measures that
    spellings_differ: Fact[bool]  #: one metric is watched under two spellings (derived)
    metric_goal: Fact[Goal]  #: which direction is better, by the metric's name (derived)


class Precision(Part):
    """Number formats."""

    compute: Fact[str]  #: number format of computations: float32, float16, bfloat16, mixed_float16, mixed_bfloat16, ...
    fp16: Fact[bool]  #: computes with 16-bit floats of small range, which need loss scaling
    bf16: Fact[bool]  #: computes with bfloat16, which has the range of 32-bit floats
    tf32: Fact[bool]  #: multiplies matrices with TensorFloat-32
    loss_scale: Fact[float]  #: what the loss is multiplied by, so that small gradients survive 16 bits
    mixed: Fact[bool]  #: computes with 16 bits and keeps weights with 32
    weights: Fact[
        str
    ]  #: of the weights as they are loaded: float32, float16, bfloat16; "auto" as the model's files say
    evaluation_fp16: Fact[bool]  #: the whole model is cast to float16 for evaluation
    evaluation_bf16: Fact[bool]  #: evaluates with bfloat16
    fp8: Fact[bool]  #: multiplies matrices with 8-bit floats
    legacy: Fact[bool]  #: the number format is spelt as earlier versions of the framework did
    hardware: Fact[str]  #: the accelerator that the config names, such as "V100"
    weak_hardware: Fact[str]  #: the same, where its cores cannot compute in bfloat16 (derived)
    known_unfit: Fact[str]  #: the family of the base model, where it is known to overflow in float16 (derived)


class Tuning(Part):
    """Fine-tuning of a pretrained model."""

    method: Fact[str]  #: full, or the adapter's name
    trainer: Fact[str]  #: sft, dpo, grpo, kto, orpo, reward, ...
    adapter: Fact[Adapter]  #: the kind of adapter that is trained in place of the whole model
    rank: Fact[int]  #: rank of the adapter's matrices
    alpha: Fact[float]  #: scale of what the adapter adds: divided by the rank, or its root where rank-stabilised
    dropout: Fact[float]  #: share of values dropped in front of the adapter, 0 to below 1
    rank_stabilised: Fact[bool]  #: scales by the root of the rank, which keeps large ranks stable
    target_modules: Fact[Values]  #: layers that get an adapter
    model_family: Fact[str]  #: architecture of the base model by its name, such as "llama" (derived)
    family_modules: Fact[Values]  #: the linear layers of that architecture (derived)
    foreign_modules: Fact[Values]  #: target modules that the architecture has none of (derived)
    finds_no_module: Fact[bool]  #: none of the target modules is in the architecture (derived)
    modules_to_save: Fact[Values]  #: layers that are trained whole and saved beside the adapter
    quantization_bits: Fact[int]  #: bits of each weight of the frozen model
    merges_adapter: Fact[bool]  #: the adapter is added into the weights at the end
    packing: Fact[bool]  #: several short examples share one sequence
    packing_strategy: Fact[str]  #: how examples are put into one sequence
    padding_free: Fact[bool]  #: the examples of a batch stand one behind the other in one row, without padding
    max_length: Fact[int]  #: tokens after which examples are cut; None for no limit
    assistant_only: Fact[bool]  #: only the assistant's turns count in the loss
    completion_only: Fact[bool]  #: only the completion counts in the loss
    pad_token: Fact[str]  #: token that fills up short sequences
    eos_token: Fact[str]  #: token that ends a text
    masks_by_token: Fact[bool]  #: every pad token is left out of the loss, wherever it stands
    varlen_attention: Fact[bool]  #: the attention keeps the examples of one row apart (derived)
    attention: Fact[str]  #: how attention is computed: eager, sdpa, flash_attention_2, ...
    gradient_checkpointing: Fact[bool]  #: recomputes activations in the backward pass: less memory, more time
    offloads_activations: Fact[bool]  #: activations wait in the CPU's memory for the backward pass
    use_cache: Fact[bool]  #: keeps keys and values for generation, which training has no use for
    beta: Fact[float]  #: how strongly preference tuning holds on to the reference model
    label_smoothing: Fact[float]  #: share of preferences assumed to be swapped
    loss_types: Fact[Values]  #: the variants of the trainer's loss that are added up
    loss_weights: Fact[Values]  #: their weights
    syncs_reference: Fact[bool]  #: the reference model follows the trained one
    precomputes_reference: Fact[bool]  #: its probabilities are computed once, before training
    generations: Fact[int]  #: completions per prompt, in reinforcement learning
    evaluation_generations: Fact[int]  #: the same at evaluation
    steps_per_generation: Fact[int]  #: updates' batches made of one round of completions
    generation_batch: Fact[int]  #: completions made in one round on all devices
    generation_unit: Fact[int]  #: completions that one device makes in one round (derived)
    needed_devices: Fact[int]  #: what the number of devices must be a multiple of, so that rounds are whole (derived)
    base_model: Fact[str]  #: the pretrained model that is tuned
    load_in_4bit: Fact[bool]  #: the base model's weights are quantised to 4 bits on loading
    load_in_8bit: Fact[bool]  #: the frozen model is kept with 8 bits for each weight
    gptq: Fact[bool]  #: the base model comes quantised by GPTQ
    adapter_path: Fact[str]  #: trained adapter weights to start from
    target_parameters: Fact[Values]  #: single weights, not modules, that the adapter is added to
    target_pattern: Fact[str]  #: a regular expression that selects the adapter's modules
    new_tokens: Fact[Values]  #: tokens added to the vocabulary
    resizes_vocabulary: Fact[bool]  #: embedding and head grow with the vocabulary
    trained_tokens: Fact[Values]  #: rows of the embedding that are trained beside the adapter
    reentrant: Fact[bool]  #: checkpointed blocks run through autograd again (use_reentrant)
    fused_losses: Fact[Values]  #: kernels that fuse the output layer with the cross-entropy, of those switched on
    chat_template: Fact[str]  #: how messages become one text
    chat_template_text: Fact[str]  #: the template itself, in Jinja
    partly_frozen: Fact[bool]  #: some of the model's own weights are frozen, others trained
    backend: Fact[str]  #: what replaces the layers for speed: "unsloth" or "ktransformers"
    trains_embeddings: Fact[bool]  #: embedding or head are trained beside the adapter (derived)
    invalid_pattern: Fact[str]  #: the first of the target modules that is no regular expression (derived)
    joined_modules: Fact[Values]  #: target modules that stand in one text, parted by commas (derived)
    misloaded: Fact[bool]  #: what keeps the base model from being loaded in 4 bits (derived)
    pure_bf16: Fact[bool]  #: weights, gradients and optimizer states all in bfloat16


class Sharding(Part):
    """How one model is spread over several devices."""

    deepspeed: Fact[bool]  #: trains with DeepSpeed
    zero_stage: Fact[int]  #: what ZeRO shards: 0 nothing, 1 optimizer states, 2 gradients too, 3 weights too
    fsdp: Fact[bool]  #: PyTorch's fully sharded data parallel trains
    fsdp_version: Fact[int]  #: version of fully sharded data parallelism
    device_map: Fact[str]  #: how the weights are laid out over devices on loading, such as "auto"
    model_parallel: Fact[bool]  #: several devices share the work on one batch: tensor, sequence or pipeline parallelism
    low_memory_loading: Fact[bool]  #: weights are loaded piece by piece (low_cpu_mem_usage)


class Disagreement(Part):
    """One value that a config and the file it names state differently."""

    subject: Fact[str]  #: what the value is, in words
    ours: Fact[Values]  #: the config's value
    theirs: Fact[Values]  #: the other file's
    ours_said: Fact[str]  #: ours in words: on, off, or the value
    theirs_said: Fact[str]  #: likewise theirs
    quoted: Fact[bool]  #: a number stands in quotes in the other file


class Search(Part):
    """A search over hyperparameters."""

    exists: Fact[bool]  #: there is a search
    algorithm: Fact[SearchAlgorithm]  #: how the next trial is chosen
    metric: Fact[str]  #: metric that trials are compared by
    goal: Fact[Goal]  #: which direction of the metric is wanted
    split: Fact[str]  #: examples that the metric is measured on: validation, test or training
    trials: Fact[int]  #: the cap on trials; None where certainly unlimited
    hours: Fact[float]  #: cap on the time of the whole search, in hours
    parallel: Fact[int]  #: trials that run at the same time
    early_stopping: Fact[str]  #: what stops bad trials early
    minimum_iterations: Fact[int]  #: epochs or steps that every trial gets
    maximum_iterations: Fact[int]  #: epochs or steps that a trial gets at most
    max_failures: Fact[int]  #: failed trials after which the search ends
    missing_reference: Fact[str]  #: a hyperparameter that trials refer to and that the search does not have
    unfilled: Fact[str]  #: a placeholder in the description of a trial that nothing fills
    seconds_per_trial: Fact[float]  #: how long one trial takes, in seconds
    grid_size: Fact[int]  #: number of combinations of a grid (derived)
    cheap: Fact[bool]  #: a trial costs next to nothing
    parameters: list[Parameter]
    variance_study: Fact[bool]  #: one setting is repeated on purpose, to measure its spread
    metric_goal: Fact[Goal]  #: which direction of the metric is better, by its name (derived)
    suggested: Fact[SearchAlgorithm]  #: the algorithm that size and cost call for (derived)
    hand_set: Fact[int]  #: hyperparameters that the file sets by hand (derived)


class Parameter(Part):
    """One searched hyperparameter."""

    name: Fact[str]  #: what the search calls it
    sets: Fact[str]  #: the fact it sets, such as "optimizer.learning_rate"
    kind: Fact[ParameterKind]  #: whether it is tried continuously, by whole numbers or from a list
    distribution: Fact[str]  #: the distribution's name as the search has it
    low: Fact[float]  #: lowest value that is tried
    high: Fact[float]  #: highest value that is tried
    step: Fact[float]  #: distance between the values that are tried
    count: Fact[int]  #: grid points
    log: Fact[bool]  #: values are drawn evenly by their power of ten
    base: Fact[float]  #: what exponents are powers of
    exponents: Fact[Values]  #: where the bounds are written as powers of base: the two exponents
    values: Fact[Values]  #: the values that are tried
    probabilities: Fact[Values]  #: how likely each of the values is
    current: Fact[float]  #: the value the config itself gives
    exists: Fact[bool]  #: the model's config has such a key
    bounds_are_integers: Fact[bool]  #: both bounds are written as integers
    suggestion: Fact[str]  #: the nearest existing key
    distinct_values: Fact[Values]  #: the values, each once (derived)
    largest: Fact[float]  #: the largest number that is tried (derived)
    text_value: Fact[str]  #: the first value that a person reads as a number and the loader as text
    number_values: Fact[Values]  #: the values with such texts as the numbers they were meant to be


class Scalar(Part):
    """One value as written and as its loader reads it: what rules about spelling look at."""

    text: Fact[str]  #: as written, without quotes
    plain: Fact[bool]  #: not quoted
    kind: Fact[str]  #: what the loader reads: string, integer, float, bool, null, other
    key: Fact[str]  #: the key whose value it is, or in whose list it stands
    listed_in: Fact[str]  #: the key in whose list it stands; None where it stands in none
    wanted: Fact[Values]  #: kinds the schema accepts here
    choices: Fact[Values]  #: values the schema accepts here
    meant: Fact[str]  #: the one of them that says what the loader makes a truth value of, such as "disabled" for off
    loader: Fact[str]
    coerced: Fact[bool]  #: the framework itself turns the text into a number
    may_be_coerced: Fact[bool]  #: of the programs that read the format, some do
    strict: Fact[bool]  #: the framework computes with what stands there, and fails where that is text
    number: Fact[float]  #: the number that a person reads in the text
    value: Fact[float]  #: the number that the loader reads, None where it reads none
    spelling: Fact[str]  #: the number in the text, spelt so that every loader reads it
    listed: Fact[str]  #: several numbers in one text, written as a list
    mended: Fact[str]  #: the value written as a type that the schema accepts here, where spelling alone is wrong
    tag: Fact[str]


class Entry(Part):
    """One key of a map, for rules on keys."""

    key: Fact[str]
    duplicate: Fact[bool]  #: the key stands above in the same map
    merged: Fact[bool]  #: a merge (`<<`) brings the key too
    same_value: Fact[bool]
    earlier: Fact[str]  #: the entry that gives way to this one


class Problem(Part):
    """A fault found while reading the text or checking it against its schema."""

    kind: Fact[str]
    message: Fact[str]
    replacement: Fact[Any]  #: what can only be meant: a text, or a number that is written another way
    refused: Fact[bool]  #: the framework stops at a key that it does not know
    part: Fact[str]  #: what the place describes: training, layer, input, output or parameter
    key: Fact[str]  #: of what came or went with a version: the key
    current: Fact[str]  #: its value as written
    package: Fact[str]  #: the package whose versions differ
    version: Fact[str]  #: the version it came or went with
    stated: Fact[str]  #: the version that the config is for, where that is stated
    newer_key: Fact[str]  #: a key beside it that came when it was gone already
    droppable: Fact[bool]  #: leaving it out is all there is to do
    new_value: Fact[str]  #: the value that means the same under the other key, where it is another one
    fits: Fact[bool]  #: the stated version has the other key


class Base(Part):
    """A config that the config at hand extends; its node is the whole of it."""

    path: Fact[str]  #: the file


class Training(Part):
    """The whole description of one training run."""

    format: Fact[str]
    framework: Fact[str]
    framework_version: Fact[str]
    loader: Fact[str]
    task: Task
    inputs: list[Input]
    outputs: list[Output]
    data: Data
    model: Model
    loss: Loss
    metrics: list[Metric]
    optimizer: Optimizer
    schedule: Schedule
    run: Run
    early_stopping: EarlyStopping
    evaluation: Evaluation
    precision: Precision
    tuning: Tuning
    sharding: Sharding
    search: Search
    disagreements: list[Disagreement]  #: what the config and its companion say differently (derived)
    companion: Training  #: what the second file says that the config names, such as a DeepSpeed JSON
    path: Fact[str]  #: the file that a companion was read from; None where it stands in the config itself
    bases: list[Base]  #: the configs that it extends, those that count first before the others


PARTS: dict[str, type[Part]] = {
    part.__name__: part
    for part in (
        Task, Input, Output, Data, Model, Layer, Loss, Metric, Optimizer, Schedule, Run, EarlyStopping, Evaluation,
        Precision, Tuning, Sharding, Disagreement, Search, Parameter, Scalar, Entry, Problem, Base, Training,
    )
}  # fmt: skip
"""Every class of parts by name."""

SINGLE = {
    "task": Task, "data": Data, "model": Model, "loss": Loss, "optimizer": Optimizer, "schedule": Schedule, "run": Run,
    "early_stopping": EarlyStopping, "evaluation": Evaluation, "precision": Precision, "tuning": Tuning,
    "sharding": Sharding, "search": Search,
}  # fmt: skip
"""The parts that every training has one of, be there anything known of it or not."""


def empty_training(**facts: Fact[Any]) -> Training:
    """Return a Training whose single parts exist and hold nothing yet, plus `facts`; lists of parts are unknown."""
    training = Training()
    training.state(**{name: part() for name, part in SINGLE.items()}, **facts)
    return training
