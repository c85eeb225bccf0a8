// The modules of the core that share their name with a type of the façade or of the core.
global using ActivationModule = LayerTime.Core.Networks.Activation;
global using ArchitectureModule = LayerTime.Core.Networks.Architecture;
global using CoreInterval = LayerTime.Core.Numbers.Interval;
global using DifferenceEquationModule = LayerTime.Core.Networks.DifferenceEquation;
global using GeneratorModule = LayerTime.Core.Claims.Generator;
global using InstancesModule = LayerTime.Core.Claims.Instances;
global using LayerMapModule = LayerTime.Core.Networks.LayerMap;
global using LayerModule = LayerTime.Core.Networks.Layer;
global using MatrixModule = LayerTime.Core.Algebra.Matrix;
global using NetworkModule = LayerTime.Core.Networks.Network;
global using NeuralOdeModule = LayerTime.Core.Networks.NeuralOde;
global using PerceptronModule = LayerTime.Core.Networks.Perceptron;
global using RidgeFieldModule = LayerTime.Core.Constructions.RidgeField;
global using VanillaNetModule = LayerTime.Core.Constructions.VanillaNet;
